package blackhole.client.service;

import blackhole.api.registry.CallPolicy;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What {@code Channels} hands out. Thread-safe. */
final class ServiceChannel extends Channel {
  private final ServiceClient client;
  private final @Nullable UnaryOperator<CallPolicy> override;
  private volatile @Nullable Terms terms;

  /**
   * @param override null for the service's own policy
   */
  ServiceChannel(ServiceClient client, @Nullable UnaryOperator<CallPolicy> override) {
    this.client = client;
    this.override = override;
  }

  @Override
  public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
    return new ServiceCall<>(client, terms(), method, options);
  }

  /** Worked out once for each change of the service. */
  private Terms terms() {
    ServiceView view = client.view();
    Terms current = terms;
    if (current == null || current.view() != view) {
      current = override == null ? client.terms(view) : client.terms(view, override);
      terms = current;
    }
    return current;
  }

  @Override
  public String authority() {
    return client.service();
  }
}
