package blackhole.client.service;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RemoteFallback;
import blackhole.api.registry.ServiceRecord;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceViewTest {
  private static final CallPolicy READS =
      CallPolicy.DEFAULT.withRemoteFallback(RemoteFallback.READS);

  @Test
  void whatTheServicePublishedCountsMoreThanTheStub() {
    ServiceView view = view(Map.of(Echo.READ.getFullMethodName(), Idempotency.UNKNOWN));
    assertThat(view.allowsRemote(READS, Echo.READ.toBuilder().setSafe(true).build())).isFalse();
  }

  @Test
  void aServiceThatWasNeverReadyIsJudgedByTheStub() {
    ServiceView view = view(Map.of());
    MethodDescriptor<String, String> safe = Echo.READ.toBuilder().setSafe(true).build();
    assertThat(view.allowsRemote(READS, safe)).isTrue();
    assertThat(view.allowsRemote(READS, Echo.READ)).isFalse();
  }

  @Test
  void onlyMethodsWithoutSideEffectsRead() {
    ServiceView view = view(Echo.METHODS);
    assertThat(view.allowsRemote(READS, Echo.READ)).isTrue();
    assertThat(view.allowsRemote(READS, Echo.PUT)).isFalse();
    assertThat(view.allowsRemote(CallPolicy.DEFAULT, Echo.READ)).isFalse();
  }

  private static ServiceView view(Map<String, Idempotency> methods) {
    return ServiceView.of(
        Optional.of(
            new ServiceRecord(
                "echo", 1, Availability.SERVING, CallPolicy.DEFAULT, methods, List.of())));
  }
}
