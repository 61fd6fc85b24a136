package blackhole.orchestrator.control;

import blackhole.api.rpc.BreakerState;
import blackhole.api.rpc.ServiceCalls;
import blackhole.control.v1.CallReport;
import java.time.Instant;
import java.util.List;

/** What hosts report of the calls that they made, out of the words of the control protocol. */
final class CallReports {
  private CallReports() {}

  static List<ServiceCalls> of(CallReport report) {
    return report.getServicesList().stream().map(CallReports::calls).toList();
  }

  private static ServiceCalls calls(blackhole.control.v1.ServiceCalls calls) {
    return new ServiceCalls(
        calls.getService(),
        switch (calls.getBreaker()) {
          case OPEN -> BreakerState.OPEN;
          case HALF_OPEN -> BreakerState.HALF_OPEN;
          case CLOSED, BREAKER_UNSPECIFIED, UNRECOGNIZED -> BreakerState.CLOSED;
        },
        calls.getFailures(),
        Instant.ofEpochMilli(calls.getSinceMillis()),
        calls.getCalls(),
        calls.getFailed(),
        calls.getRetries(),
        calls.getHeld(),
        calls.getRefusedByBreaker(),
        calls.getRefusedByLimit(),
        calls.getDeadlineExceeded(),
        calls.getRemote(),
        calls.getEjected(),
        calls.getInFlight());
  }
}
