package blackhole.client.service;

import blackhole.api.registry.ServiceDirectory;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@code blackhole:///service} a target: the service's instances on this node, by their Unix
 * sockets. Other nodes' are {@code blackhole-remote:///service}, since a channel has one kind of
 * transport only.
 */
public final class ServiceResolverProvider extends NameResolverProvider {
  /** The directory of the process that the channel belongs to, where there are several in a JVM. */
  static final NameResolver.Args.Key<ServiceDirectory> DIRECTORY =
      NameResolver.Args.Key.create("blackhole-directory");

  /** What replaces the retries of the service's policy. */
  static final NameResolver.Args.Key<RetrySettings> RETRIES =
      NameResolver.Args.Key.create("blackhole-retries");

  /** How the channel watches its instances; nobody counts for channels made without it. */
  static final NameResolver.Args.Key<OutlierWatch> OUTLIERS =
      NameResolver.Args.Key.create("blackhole-outliers");

  private final Side side;
  private final ServiceDirectory directory;

  ServiceResolverProvider(Side side, ServiceDirectory directory) {
    this.side = side;
    this.directory = directory;
  }

  /** Of the instances on this node, as a directory has them. */
  public static NameResolverProvider local(ServiceDirectory directory) {
    return new ServiceResolverProvider(Side.LOCAL, directory);
  }

  static String target(Side side, String service) {
    return side.scheme() + ":///" + URLEncoder.encode(service, StandardCharsets.UTF_8);
  }

  @Override
  public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
    if (!side.scheme().equals(target.getScheme())) {
      return null;
    }
    String path = target.getRawPath();
    String service =
        path == null || path.isEmpty()
            ? ""
            : URLDecoder.decode(path.substring(1), StandardCharsets.UTF_8);
    ServiceDirectory given = args.getArg(DIRECTORY);
    return new ServiceResolver(side, service, given == null ? directory : given, args);
  }

  @Override
  public String getDefaultScheme() {
    return side.scheme();
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  /** The lowest, because the highest one's scheme is that of targets that name none. */
  @Override
  protected int priority() {
    return 0;
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return switch (side) {
      case LOCAL -> Set.of(UnixDomainSocketAddress.class);
      case REMOTE -> Set.of(InetSocketAddress.class);
    };
  }
}
