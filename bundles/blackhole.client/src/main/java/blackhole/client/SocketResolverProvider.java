package blackhole.client;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a Unix socket by its path. A channel that is simply made for an address takes that
 * address's text for a URI, so that a path with anything but ASCII in it could not be opened.
 */
final class SocketResolverProvider extends NameResolverProvider {
  private static final String SCHEME = "blackhole-socket";

  /** As one segment of a path, of ASCII only. */
  static String target(Path socket) {
    return SCHEME + ":///" + URLEncoder.encode(socket.toString(), StandardCharsets.UTF_8);
  }

  @Override
  public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
    if (!SCHEME.equals(target.getScheme())) {
      return null;
    }
    String path = URLDecoder.decode(target.getRawPath().substring(1), StandardCharsets.UTF_8);
    return new Resolver(UnixDomainSocketAddress.of(path));
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
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
    return Set.of(UnixDomainSocketAddress.class);
  }

  private static final class Resolver extends NameResolver {
    private final UnixDomainSocketAddress address;

    Resolver(UnixDomainSocketAddress address) {
      this.address = address;
    }

    @Override
    public String getServiceAuthority() {
      return NettyTransports.AUTHORITY;
    }

    @Override
    public void start(Listener2 listener) {
      listener.onResult(
          ResolutionResult.newBuilder()
              .setAddressesOrError(StatusOr.fromValue(List.of(new EquivalentAddressGroup(address))))
              .build());
    }

    @Override
    public void shutdown() {}
  }
}
