package blackhole.orchestrator.node;

import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What a person wants to see while a node starts: what is up, how long it took, how to go on. */
final class StartReport {
  private static final String PROGRAM = "java -jar launcher.jar";

  private final PrintStream out;
  private final String home;

  StartReport(PrintStream out, String homeOption) {
    this.out = out;
    this.home = homeOption;
  }

  void begin(String version, String nodeId, String homeDirectory) {
    out.println("Blackhole " + version + ", " + nodeId + ", home " + homeDirectory);
  }

  void note(String text) {
    out.println("  " + text);
  }

  /** One line for an instance that has got somewhere; nothing for steps on the way. */
  void changed(InstanceStatus status, Duration took) {
    if (status.state() == InstanceState.READY) {
      out.println(
          String.format(
              Locale.ROOT,
              "  %-14s READY in %s   %s",
              status.id(),
              seconds(took),
              address(status)));
    } else if (status.state() == InstanceState.FAILED || status.state() == InstanceState.BACKOFF) {
      out.println(
          String.format(
              Locale.ROOT, "  %-14s %s: %s", status.id(), status.state(), status.message()));
    }
  }

  private static String address(InstanceStatus status) {
    String tcp =
        status.port().isPresent() ? ", 127.0.0.1:" + status.port().getAsInt() + " (plaintext)" : "";
    return "unix:" + status.socket() + tcp;
  }

  void end(List<InstanceStatus> instances, Duration took, boolean attached) {
    long ready = instances.stream().filter(status -> status.state() == InstanceState.READY).count();
    out.println(
        String.format(
            Locale.ROOT,
            "The node is up after %s, %d of %d instances READY.",
            seconds(took),
            ready,
            instances.size()));
    out.println("  look     " + PROGRAM + " exec" + home + " 'bh:ps'");
    if (attached) {
      out.println("  stop     exit, or Ctrl-D");
    } else {
      out.println("  shell    " + PROGRAM + " shell" + home);
      out.println("  stop     " + PROGRAM + " stop" + home + ", or Ctrl-C here");
    }
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
  }
}
