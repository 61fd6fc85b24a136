package blackhole.bench.growth;

import blackhole.api.registry.ServiceDirectory;
import blackhole.client.service.ServiceResolverProvider;
import io.grpc.NameResolver;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.NameResolver.ServiceConfigParser;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The resolvers of channels, without the channels: they hear of all that callers would hear. */
final class SimulatedCallers implements AutoCloseable {
  private final SynchronizationContext context =
      new SynchronizationContext(
          (thread, problem) -> {
            throw new IllegalStateException("a resolver failed", problem);
          });
  private final List<NameResolver> resolvers = new ArrayList<>();
  private long resolutions;

  /** Of a process that calls these services. */
  SimulatedCallers(ServiceDirectory directory, List<String> services) {
    NameResolverProvider provider = ServiceResolverProvider.local(directory);
    NameResolver.Args args =
        NameResolver.Args.newBuilder()
            .setDefaultPort(0)
            .setProxyDetector(address -> null)
            .setSynchronizationContext(context)
            .setServiceConfigParser(new AsItIs())
            .setOffloadExecutor(Runnable::run)
            .build();
    for (String service : services) {
      NameResolver resolver =
          provider.newNameResolver(
              URI.create(provider.getDefaultScheme() + ":///" + service), args);
      if (resolver == null) {
        throw new IllegalStateException("no resolver for " + service);
      }
      resolvers.add(resolver);
      resolver.start(new Counting());
    }
  }

  /** How often any of them was given addresses. */
  long resolutions() {
    return resolutions;
  }

  @Override
  public void close() {
    resolvers.forEach(NameResolver::shutdown);
  }

  private static final class AsItIs extends ServiceConfigParser {
    @Override
    public ConfigOrError parseServiceConfig(Map<String, ?> config) {
      return ConfigOrError.fromConfig(config);
    }
  }

  /** In the place of a channel's balancer. */
  private final class Counting extends NameResolver.Listener2 {
    @Override
    public void onResult(NameResolver.ResolutionResult result) {
      resolutions++;
    }

    @Override
    public Status onResult2(NameResolver.ResolutionResult result) {
      resolutions++;
      return Status.OK;
    }

    @Override
    public void onError(Status error) {
      throw new IllegalStateException(error.toString());
    }
  }
}
