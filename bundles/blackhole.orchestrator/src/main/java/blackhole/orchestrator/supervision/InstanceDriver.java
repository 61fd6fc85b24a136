package blackhole.orchestrator.supervision;

import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.ProcessUsage;
import blackhole.orchestrator.evidence.Findings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What supervision needs of the rest of the orchestrator to run hosts. Each process of an instance
 * is one generation of it, counted from 1, or on from that of a process that was adopted; at most
 * one of them runs at a time. No method blocks; all are thread-safe.
 */
public interface InstanceDriver {
  /**
   * Starts the process of a generation. Completes with it, or exceptionally with an {@link
   * java.io.IOException} that says in words why there is none; in any case it completes.
   *
   * @param background whether all others go first until it is READY
   */
  CompletionStage<RunningProcess> launch(InstanceId id, long generation, boolean background);

  /**
   * A process of an earlier orchestrator is this generation. Comes once, before anything else about
   * it.
   */
  default void adopted(InstanceId id, long generation, RunningProcess process) {}

  /**
   * Asks the host, over its control stream, to drain within the time and exit.
   *
   * @return false when there is no stream to ask over
   */
  boolean drain(InstanceId id, long generation, Duration timeout);

  /**
   * The process of a generation has ended: revoke its token, remove its socket. Completes with what
   * it left behind. The next generation is not launched before, unless this takes too long.
   */
  CompletionStage<Remains> ended(InstanceId id, long generation);

  /** How an instance is or would be run. Quick, and not tied to a generation. */
  Setup setup(InstanceId id);

  /**
   * What a process leaves behind.
   *
   * @param lastLogLines of its log and its output, oldest first
   * @param findings what they and other files say of its end
   * @param lastSamples what it used before, oldest first
   */
  record Remains(List<String> lastLogLines, Findings findings, List<ProcessUsage> lastSamples) {
    public static final Remains NONE = new Remains(List.of(), Findings.NONE, List.of());

    public Remains {
      lastLogLines = List.copyOf(lastLogLines);
      lastSamples = List.copyOf(lastSamples);
    }

    public Remains with(List<ProcessUsage> samples) {
      return new Remains(lastLogLines, findings, samples);
    }
  }

  /**
   * How an instance is run.
   *
   * @param socket the stable path that callers use
   * @param limits as {@link blackhole.api.supervision.InstanceDetails#limits}
   */
  record Setup(Path socket, Map<String, String> limits, List<String> jvmFlags) {}
}
