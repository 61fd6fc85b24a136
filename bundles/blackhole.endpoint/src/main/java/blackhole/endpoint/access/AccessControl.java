package blackhole.endpoint.access;

import blackhole.access.v1.Access;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.HostCallers;
import blackhole.api.service.Caller;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls, and lets in whom a method's option {@code blackhole.access.v1.access} lets
 * in. A handler then finds its {@link Caller} in the context. Thread-safe.
 *
 * <p>It wraps the methods of each service that comes, rather than intercept calls: so what a method
 * needs is read once and found without a lookup, and nothing is left of a bundle when it goes.
 */
public final class AccessControl implements AutoCloseable {
  private static final Metadata.Key<String> CALL_TOKEN =
      Metadata.Key.of(CallerIdentity.CALL_TOKEN_HEADER, Metadata.ASCII_STRING_MARSHALLER);

  private final Supplier<@Nullable HostCallers> hosts;
  private final Supplier<@Nullable Channels> channels;
  private final InstantSource clock;

  /** Made when first needed: most hosts never see a user's token. */
  private volatile @Nullable UserTokens tokens;

  /**
   * @param hosts knows this node's hosts; gives null while there is none that does
   * @param channels to identity; gives null while there are none
   */
  public AccessControl(
      Supplier<@Nullable HostCallers> hosts, Supplier<@Nullable Channels> channels) {
    this(hosts, channels, InstantSource.system());
  }

  AccessControl(
      Supplier<@Nullable HostCallers> hosts,
      Supplier<@Nullable Channels> channels,
      InstantSource clock) {
    this.hosts = hosts;
    this.channels = channels;
    this.clock = clock;
  }

  /** What a server on a Unix socket needs, so that its calls can be told apart. */
  public static ServerTransportFilter unixFilter() {
    return Peer.unixFilter();
  }

  /** The same for a server on TCP. */
  public static ServerTransportFilter tcpFilter() {
    return Peer.tcpFilter();
  }

  /** The same service, each method of it behind its guard. */
  public ServerServiceDefinition guard(ServerServiceDefinition service) {
    ServerServiceDefinition.Builder guarded =
        ServerServiceDefinition.builder(service.getServiceDescriptor());
    service.getMethods().forEach(method -> guarded.addMethod(guard(method)));
    return guarded.build();
  }

  private <ReqT, RespT> ServerMethodDefinition<ReqT, RespT> guard(
      ServerMethodDefinition<ReqT, RespT> method) {
    return method.withServerCallHandler(
        new GuardedHandler<>(this, method.getMethodDescriptor(), method.getServerCallHandler()));
  }

  <ReqT, RespT> ServerCallHandler<ReqT, RespT> choose(
      Access access, ServerCallHandler<ReqT, RespT> next) {
    return switch (access) {
      case ACCESS_HOST, ACCESS_USER, ACCESS_USER_OR_HOST, ACCESS_ADMIN, UNRECOGNIZED ->
          new AccessHandler<>(this, access, next);
      case ACCESS_LOCAL, ACCESS_UNSPECIFIED -> new OpenHandler<>(this, next);
    };
  }

  /**
   * Who calls, as far as the connection and the call token tell; null when it shows a token that
   * nobody is known by, who may be known {@link #identifyLater later}.
   */
  @Nullable Caller identify(ServerCall<?, ?> call, Metadata headers) {
    Peer peer = Peer.of(call);
    String token = peer.mayShowCallToken() ? headers.get(CALL_TOKEN) : null;
    HostCallers known = token == null ? null : hosts.get();
    if (token == null || known == null) {
      return peer.caller();
    }
    return known.verify(token).map(AccessControl::host).orElse(null);
  }

  private static Caller host(String name) {
    return new Caller(Caller.Kind.HOST, name, Optional.empty());
  }

  /**
   * Keeps a call whose token nobody is known by until there is news, or enough waited for it; then
   * it is that host's, or that of whoever the connection proves.
   *
   * @param handler given who it is, in the call's context, at once or on a thread that may block
   */
  <ReqT> ServerCall.Listener<ReqT> identifyLater(
      ServerCall<ReqT, ?> call,
      Metadata headers,
      Function<Caller, ServerCall.Listener<ReqT>> handler) {
    String token = headers.get(CALL_TOKEN);
    HostCallers known = hosts.get();
    if (token == null || known == null) {
      return handler.apply(Peer.of(call).caller());
    }
    CompletableFuture<Optional<String>> later = known.verifyLater(token).toCompletableFuture();
    if (later.isDone() && !later.isCompletedExceptionally()) {
      // nothing to wait for: no news is expected, or it has just come
      return handler.apply(callerOr(later.join(), call));
    }
    HeldCall<ReqT> held = new HeldCall<>(call);
    later.whenComplete(
        (name, problem) ->
            held.proceed(
                () -> handler.apply(callerOr(name == null ? Optional.empty() : name, call))));
    return held.listener();
  }

  /** That host, or whoever the connection proves. */
  private static Caller callerOr(Optional<String> host, ServerCall<?, ?> call) {
    return host.map(AccessControl::host).orElseGet(() -> Peer.of(call).caller());
  }

  /** Whether the call has tried to prove that it comes from a host. */
  static boolean showsCallToken(ServerCall<?, ?> call, Metadata headers) {
    return Peer.of(call).mayShowCallToken() && headers.containsKey(CALL_TOKEN);
  }

  UserTokens tokens() {
    UserTokens made = tokens;
    if (made == null) {
      synchronized (this) {
        made = tokens;
        if (made == null) {
          made = new UserTokens(channels, clock);
          tokens = made;
        }
      }
    }
    return made;
  }

  @Override
  public synchronized void close() {
    UserTokens made = tokens;
    if (made != null) {
      made.close();
    }
  }
}
