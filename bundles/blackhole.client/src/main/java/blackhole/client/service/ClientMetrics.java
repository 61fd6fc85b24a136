package blackhole.client.service;

import blackhole.api.metrics.CallMeter;
import blackhole.api.metrics.Metric;
import blackhole.api.rpc.BreakerState;
import blackhole.api.rpc.ServiceCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What became of this process's calls, as metrics. */
final class ClientMetrics {
  private static final String PEER = "peer_service";

  private ClientMetrics() {}

  /**
   * @param meters by the service that is called
   */
  static List<Metric> of(List<ServiceCalls> calls, Map<String, CallMeter> meters) {
    List<Metric> metrics = new ArrayList<>(CallMeter.metrics("client", PEER, meters));
    metrics.add(
        each(
            Metric.gauge("rpc_client_active_streams", "Calls that have not ended.", PEER),
            calls,
            ServiceCalls::inFlight));
    metrics.add(
        each(
            Metric.counter(
                "blackhole_client_retries_total", "Attempts after the first of a call.", PEER),
            calls,
            ServiceCalls::retries));
    metrics.add(
        each(
            Metric.counter(
                "blackhole_client_held_calls_total",
                "Calls that had to wait for an instance.",
                PEER),
            calls,
            ServiceCalls::held));
    metrics.add(
        each(
            Metric.counter(
                "blackhole_client_remote_calls_total", "Calls that went to another node.", PEER),
            calls,
            ServiceCalls::remote));
    metrics.add(
        each(
            Metric.counter(
                "blackhole_client_ejections_total",
                "Times that an instance was left out for a while because its calls failed.",
                PEER),
            calls,
            ServiceCalls::ejected));
    metrics.add(rejected(calls));
    metrics.add(breakers(calls));
    return metrics;
  }

  private static Metric each(
      Metric.Builder metric, List<ServiceCalls> calls, ToDoubleFunction<ServiceCalls> value) {
    calls.forEach(one -> metric.with(value.applyAsDouble(one), one.service()));
    return metric.build();
  }

  private static Metric rejected(List<ServiceCalls> calls) {
    Metric.Builder metric =
        Metric.counter(
            "blackhole_client_rejected_calls_total",
            "Calls that failed at once, because the circuit was open or too many were in flight.",
            PEER,
            "reason");
    for (ServiceCalls one : calls) {
      metric.with(one.refusedByBreaker(), one.service(), "circuit_open");
      metric.with(one.refusedByLimit(), one.service(), "too_many_calls");
    }
    return metric.build();
  }

  private static Metric breakers(List<ServiceCalls> calls) {
    Metric.Builder metric =
        Metric.gauge(
            "blackhole_client_breaker_state",
            "1 for the state that the circuit breaker is in, 0 for the others.",
            PEER,
            "state");
    for (ServiceCalls one : calls) {
      for (BreakerState state : BreakerState.values()) {
        metric.with(
            one.breaker() == state ? 1 : 0, one.service(), state.name().toLowerCase(Locale.ROOT));
      }
    }
    return metric.build();
  }
}
