package blackhole.itest.node;

import blackhole.identity.v1.AuthRequest;
import blackhole.identity.v1.IdentityGrpc;
import blackhole.identity.v1.RegisterRequest;
import blackhole.testkit.TestNode;
import io.grpc.Channel;
import java.util.concurrent.TimeUnit;

/** Users of a node's identity service. */
final class Users {
  private static final String PASSWORD = "correct horse";

  private Users() {}

  private static IdentityGrpc.IdentityBlockingStub identity(Channel channel) {
    return IdentityGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  static void register(Channel channel, String name) {
    identity(channel)
        .register(RegisterRequest.newBuilder().setUsername(name).setPassword(PASSWORD).build());
  }

  /** The user's token; fails if there is no such user. */
  static String authenticate(Channel channel, String name) {
    return identity(channel)
        .authenticate(AuthRequest.newBuilder().setUsername(name).setPassword(PASSWORD).build())
        .getToken();
  }
}
