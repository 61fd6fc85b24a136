package blackhole.client.service;

import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;

/** Makes {@link ServiceBalancer} known to gRPC by name. */
final class ServiceBalancerProvider extends LoadBalancerProvider {
  static final String POLICY = "blackhole";

  private static final int PRIORITY = 5;

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }

  @Override
  public String getPolicyName() {
    return POLICY;
  }

  @Override
  public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
    return new ServiceBalancer(helper, System::nanoTime);
  }
}
