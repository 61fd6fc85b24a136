package blackhole.api.supervision;

import blackhole.api.metrics.Metric;
import blackhole.api.rpc.ServiceCalls;
import blackhole.api.shell.LineResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The insides of running hosts. Thread-safe. */
@ProviderType
public interface Hosts {
  /**
   * Runs one Gogo line inside an instance's host. Completes exceptionally with a {@link
   * SupervisionException} when the instance has no host that is connected, or loses it meanwhile.
   */
  CompletionStage<LineResult> execute(InstanceId id, String line);

  /**
   * What every process of this node has called, this one first. Completes within a second or so; a
   * host that does not answer by then is left out.
   */
  CompletionStage<List<CallerReport>> outgoingCalls();

  /**
   * The calls of one process.
   *
   * @param caller {@code storage-1}, or {@code orchestrator}
   */
  record CallerReport(String caller, List<ServiceCalls> calls) {
    public CallerReport {
      calls = List.copyOf(calls);
    }
  }

  /**
   * What the host of every instance has counted. Completes within a second or so; one that does not
   * answer by then, or cannot, is told without metrics.
   */
  CompletionStage<List<HostMetrics>> metrics();

  /**
   * The metrics of one host.
   *
   * @param hostId tells the processes of an instance apart
   * @param adopted whether it was started by an earlier orchestrator
   * @param metrics empty when it did not tell
   */
  record HostMetrics(
      InstanceId id, String hostId, boolean adopted, Optional<List<Metric>> metrics) {}
}
