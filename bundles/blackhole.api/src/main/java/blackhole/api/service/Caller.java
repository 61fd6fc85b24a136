package blackhole.api.service;

import blackhole.api.rpc.ServerCallScope;
import io.grpc.Context;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who makes the call that is being served: found out by the endpoint, before the service's method
 * is entered. What a method needs, it says by the option {@code blackhole.access.v1.access}.
 *
 * @param kind the strongest that was proved
 * @param name the host's ({@code storage-1}), the node's id, or the user's id; empty for LOCAL
 * @param user on whose behalf; empty without a valid Bearer token
 */
public record Caller(Kind kind, String name, Optional<User> user) {
  private static final Context.Key<Caller> KEY = Context.key("blackhole-caller");

  /** How a caller is known. */
  public enum Kind {
    /** A process of the same user on this machine, which is all that a Unix socket lets in. */
    LOCAL,
    /** A host of this node. */
    HOST,
    /** Another node, by its certificate. */
    NODE
  }

  /**
   * A user, as identity knows it.
   *
   * @param role {@code user} or {@code admin}
   */
  public record User(String id, String did, String role) {}

  /** Nothing more is known than that it came in. */
  public static final Caller LOCAL_PROCESS = new Caller(Kind.LOCAL, "", Optional.empty());

  /**
   * A {@link ServerCallScope} that knows the caller of its call: contexts are made before that is
   * known, and another one would have to be put on and off for each of the call's events.
   */
  public interface Source {
    /** Null as long as it is not known. */
    @Nullable Caller caller();
  }

  /** The caller of the call that is being served on this thread. */
  public static Caller current() {
    Caller caller = KEY.get();
    if (caller == null) {
      ServerCallScope scope = ServerCallScope.current();
      caller = scope != null && scope.outermost() instanceof Source call ? call.caller() : null;
    }
    return caller == null ? LOCAL_PROCESS : caller;
  }

  /** A context in which this is the current caller. */
  public Context in(Context context) {
    return context.withValue(KEY, this);
  }
}
