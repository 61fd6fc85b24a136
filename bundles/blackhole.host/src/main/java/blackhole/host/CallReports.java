package blackhole.host;

import blackhole.api.rpc.ServiceCalls;
import blackhole.control.v1.CallReport;
import java.util.List;

/** What became of this host's calls, in the words of the control protocol. */
final class CallReports {
  private CallReports() {}

  static CallReport report(long id, List<ServiceCalls> calls) {
    CallReport.Builder report = CallReport.newBuilder().setId(id);
    calls.forEach(one -> report.addServices(message(one)));
    return report.build();
  }

  private static blackhole.control.v1.ServiceCalls message(ServiceCalls calls) {
    return blackhole.control.v1.ServiceCalls.newBuilder()
        .setService(calls.service())
        .setBreaker(
            switch (calls.breaker()) {
              case CLOSED -> blackhole.control.v1.ServiceCalls.Breaker.CLOSED;
              case OPEN -> blackhole.control.v1.ServiceCalls.Breaker.OPEN;
              case HALF_OPEN -> blackhole.control.v1.ServiceCalls.Breaker.HALF_OPEN;
            })
        .setFailures(calls.failures())
        .setSinceMillis(calls.since().toEpochMilli())
        .setCalls(calls.calls())
        .setFailed(calls.failed())
        .setRetries(calls.retries())
        .setHeld(calls.held())
        .setRefusedByBreaker(calls.refusedByBreaker())
        .setRefusedByLimit(calls.refusedByLimit())
        .setDeadlineExceeded(calls.deadlineExceeded())
        .setRemote(calls.remote())
        .setEjected(calls.ejected())
        .setInFlight(calls.inFlight())
        .build();
  }
}
