package blackhole.client.service;

import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.CallerIdentity;
import java.time.Duration;

/** The client path with times that a test can wait for. */
public final class TestClients {
  private TestClients() {}

  /**
   * @param interval between looks at which instances fail
   * @param out how long one that does is left out
   */
  public static ServiceClients watching(
      ServiceDirectory directory,
      CallerIdentity identity,
      Transports transports,
      Duration interval,
      Duration out) {
    return new ServiceClients(
        directory, identity, transports, new OutlierPolicy(interval, out, out), System::nanoTime);
  }
}
