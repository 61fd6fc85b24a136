package blackhole.orchestrator.control;

import blackhole.control.v1.Hello;
import blackhole.orchestrator.registry.DirectoryFeed;
import io.grpc.SynchronizationContext;

/**
 * What the hosts' copies of the registry are fed from.
 *
 * @param feed the registry as this process knows it
 * @param tokens what hosts show each other
 */
public record RegistryStreams(DirectoryFeed feed, CallTokens tokens) {
  /** Begins to bring one host's copy up to date, from where it says it is. In its context. */
  RegistryStream open(Hello hello, SynchronizationContext context, RegistryStream.Outlet outlet) {
    String name = hello.getService() + "-" + hello.getInstance();
    RegistryStream stream =
        new RegistryStream(
            name, this, context, outlet, hello.getRegistryEpoch(), hello.getRegistryRevision());
    stream.open();
    return stream;
  }
}
