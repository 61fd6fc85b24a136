package blackhole.orchestrator.node;

import blackhole.orchestrator.alert.Reading;
import blackhole.orchestrator.config.AlertRule;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What has to be waited for, hosts and the disk: asked now and then, and known until they say
 * something else. Thread-safe; nobody waits here.
 */
final class AlertReadings {
  private static final Logger LOG = System.getLogger(AlertReadings.class.getName());

  /** Hosts are asked the first of so many times: most alerts take minutes anyway. */
  private static final int ROUNDS_BETWEEN_CALLS = 3;

  private static final Duration BETWEEN_FILES = Duration.ofMinutes(1);

  private static final Set<AlertRule> OF_CALLS =
      EnumSet.of(AlertRule.BREAKER_OPEN, AlertRule.EVENT_LAG);
  private static final Set<AlertRule> OF_FILES =
      EnumSet.of(
          AlertRule.CERTIFICATE_EXPIRES,
          AlertRule.CERTIFICATE_EXPIRED,
          AlertRule.DISK_SPACE_LOW,
          AlertRule.DISK_FULL);

  private final Sources sources;
  private final Executor workers;

  // guarded by this
  private long rounds;
  private @Nullable Long filesBegunNanos;
  private boolean readsFiles;

  /** What they said last; null until they did. */
  private @Nullable List<Reading> ofFiles;

  /** As {@link #ofFiles}. */
  private @Nullable List<Reading> ofCalls;

  /** Who is asked. */
  interface Sources {
    /** What hosts say, who are asked; fails when nobody can be. */
    CompletionStage<List<Reading>> calls();

    /** The certificates in use, and the disk, for which it waits. */
    List<Reading> home();
  }

  /**
   * @param workers whose tasks may wait
   */
  AlertReadings(Sources sources, Executor workers) {
    this.sources = sources;
    this.workers = workers;
  }

  /**
   * Asks for what is due.
   *
   * @param read is called when files were read
   */
  void ask(Runnable read) {
    if (filesAreDue()) {
      workers.execute(
          () -> {
            readFiles();
            read.run();
          });
    }
    if (callsAreDue()) {
      sources
          .calls()
          .whenComplete(
              (readings, failure) -> {
                if (failure == null) {
                  synchronized (this) {
                    ofCalls = readings;
                  }
                }
              });
    }
  }

  private synchronized boolean callsAreDue() {
    return rounds++ % ROUNDS_BETWEEN_CALLS == 0;
  }

  /** Not while they are being read: a disk that hangs costs one thread. */
  private synchronized boolean filesAreDue() {
    long now = System.nanoTime();
    Long before = filesBegunNanos;
    if (readsFiles || (before != null && now - before < BETWEEN_FILES.toNanos())) {
      return false;
    }
    filesBegunNanos = now;
    readsFiles = true;
    return true;
  }

  private void readFiles() {
    try {
      List<Reading> readings = sources.home();
      synchronized (this) {
        ofFiles = readings;
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "cannot tell how the disk is", e);
    } finally {
      synchronized (this) {
        readsFiles = false;
      }
    }
  }

  /**
   * Adds what was said last.
   *
   * @return rules of which nothing is known yet
   */
  synchronized Set<AlertRule> addTo(List<Reading> readings) {
    Set<AlertRule> unobserved = EnumSet.noneOf(AlertRule.class);
    add(ofCalls, OF_CALLS, readings, unobserved);
    add(ofFiles, OF_FILES, readings, unobserved);
    return unobserved;
  }

  private static void add(
      @Nullable List<Reading> some,
      Set<AlertRule> rules,
      List<Reading> readings,
      Set<AlertRule> unobserved) {
    if (some == null) {
      unobserved.addAll(rules);
    } else {
      readings.addAll(some);
    }
  }
}
