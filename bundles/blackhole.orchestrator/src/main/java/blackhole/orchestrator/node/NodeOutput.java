package blackhole.orchestrator.node;

import blackhole.api.supervision.Alerts.Alert;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.StateHistory;
import blackhole.api.supervision.Supervisor;
import blackhole.orchestrator.alert.AlertBook;
import blackhole.orchestrator.event.EventPublisher;
import blackhole.orchestrator.event.PlatformEvents;
import blackhole.orchestrator.journal.StateJournal;
import blackhole.orchestrator.supervision.Journal;
import blackhole.orchestrator.supervision.LogJournal;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the node prints: its start, and after that, unless a shell has the terminal, one line an
 * event. Everything goes to the log, to the journal and to the event stream too. Thread-safe.
 */
final class NodeOutput implements Journal, NodeAlerts.Listener {
  private static final Logger LOG = System.getLogger(NodeOutput.class.getName());
  private static final String ALERTS = "alerts";

  private final PrintStream out;
  private final NodeOptions options;
  private final long beganNanos;
  private final StartReport report;
  private final StateJournal history;
  private final EventPublisher events;
  private final LogJournal log = new LogJournal();
  private final Map<InstanceId, Long> starting = new HashMap<>();
  private boolean started;

  NodeOutput(
      PrintStream out,
      NodeOptions options,
      StateJournal history,
      EventPublisher events,
      long beganNanos) {
    this.out = out;
    this.history = history;
    this.events = events;
    this.options = options;
    this.beganNanos = beganNanos;
    this.report = new StartReport(out, homeOption(options));
  }

  /** What a person has to add to the commands that are printed, to reach this node. */
  private static String homeOption(NodeOptions options) {
    String standard = System.getProperty("user.home") + "/.blackhole";
    String home = options.home().root().toString();
    return home.equals(standard) ? "" : " --home " + quoted(home);
  }

  /** As a shell takes it for one word. */
  static String quoted(String word) {
    return word.matches("[\\w./+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  synchronized void begin(String version, String nodeId, List<String> warnings) {
    report.begin(version, nodeId, options.home().root().toString());
    warnings.forEach(warning -> report.note("warning: " + warning));
  }

  synchronized void note(String text) {
    report.note(text);
  }

  /** Something that concerns the node, not one of its instances. */
  void event(String words, String who) {
    Instant time = Instant.now();
    String line = words + " (" + who + ")";
    LOG.log(Level.INFO, line);
    history.add(
        new StateHistory.Event(
            time,
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            words,
            who,
            false));
    events.noted(time, words, who);
    print(time, line);
  }

  @Override
  public void said(String words, String who) {
    event(words, who);
  }

  @Override
  public void turned(AlertBook.Turn turn) {
    Instant time = Instant.now();
    Alert alert = turn.alert();
    String words =
        turn.begun()
            ? "alert " + alert.name() + ": " + alert.message() + because(alert)
            : "alert " + alert.name() + " is over: " + alert.message();
    String line = words + " (" + ALERTS + ")";
    LOG.log(turn.begun() ? Level.WARNING : Level.INFO, line);
    history.add(
        new StateHistory.Event(
            time,
            alert.service(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            words,
            ALERTS,
            turn.begun()));
    events.offer(PlatformEvents.of(alert, time));
    print(time, line);
  }

  private static String because(Alert alert) {
    return alert.reason().isEmpty() ? "" : "; " + alert.reason();
  }

  void follow(Supervisor supervisor) {
    // watched for the life of the process
    AutoCloseable unused = supervisor.watch(this::changed);
  }

  private synchronized void changed(InstanceStatus status) {
    if (started) {
      return;
    }
    long now = System.nanoTime();
    if (status.state() == InstanceState.STARTING) {
      starting.putIfAbsent(status.id(), now);
    } else {
      Long began = starting.remove(status.id());
      if (began != null) {
        report.changed(status, Duration.ofNanos(now - began));
      }
    }
  }

  synchronized void end(List<InstanceStatus> instances) {
    started = true;
    report.end(instances, Duration.ofNanos(System.nanoTime() - beganNanos), options.attached());
    out.flush();
  }

  @Override
  public void record(Entry entry) {
    log.record(entry);
    history.record(entry);
    events.record(entry);
    print(entry.time(), entry.line());
  }

  @Override
  public void decided(Decision decision) {
    log.decided(decision);
    history.decided(decision);
    events.decided(decision);
    print(decision.time(), decision.line());
  }

  private synchronized void print(Instant time, String line) {
    if (started && !options.attached()) {
      out.println(time + " " + line);
    }
  }
}
