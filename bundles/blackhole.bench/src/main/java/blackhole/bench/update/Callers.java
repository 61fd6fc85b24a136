package blackhole.bench.update;

import blackhole.bench.update.service.VersionedMethods;
import blackhole.identity.v1.AuthRequest;
import blackhole.identity.v1.IdentityGrpc;
import blackhole.identity.v1.RegisterRequest;
import blackhole.identity.v1.ValidateTokenRequest;
import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.TimeUnit;

/** The calls of the loads. Nothing on a client's side repeats them. */
final class Callers {
  /** Of a service that is not updated, none takes nearly as long. */
  private static final long DEADLINE_SECONDS = 30;

  private static final StringValue QUESTION = StringValue.of("sixteen bytes...");
  private static final String PASSWORD = "Lovelace 1815";

  private Callers() {}

  static OpenLoad.Caller versioned(Channel channel) {
    return (number, answer) ->
        ClientCalls.asyncUnaryCall(
            channel.newCall(
                VersionedMethods.ASK,
                CallOptions.DEFAULT
                    .withExecutor(Runnable::run)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)),
            QUESTION,
            new OpenLoad.Once<>(answer, StringValue::getValue));
  }

  /**
   * Checks a token, which reads the store; every so often, registers a user, which writes to it.
   *
   * @param group to tell its users from others
   */
  static OpenLoad.Caller identity(Channel channel, String group) {
    var stub = IdentityGrpc.newBlockingStub(channel);
    var unused =
        stub.register(
            RegisterRequest.newBuilder().setUsername(group).setPassword(PASSWORD).build());
    String token =
        stub.authenticate(AuthRequest.newBuilder().setUsername(group).setPassword(PASSWORD).build())
            .getToken();
    return new Identity(IdentityGrpc.newStub(channel).withExecutor(Runnable::run), group, token);
  }

  private record Identity(IdentityGrpc.IdentityStub stub, String group, String token)
      implements OpenLoad.Caller {
    /** Hashing a password takes as long as a thousand other calls. */
    private static final int CALLS_FOR_A_USER = 1_000;

    @Override
    public boolean isTimed(long number) {
      return number % CALLS_FOR_A_USER > 1;
    }

    @Override
    public void call(long number, OpenLoad.Answer answer) {
      var timed = stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
      if (isTimed(number)) {
        timed.validateToken(
            ValidateTokenRequest.newBuilder().setToken(token).build(),
            new OpenLoad.Once<>(answer, response -> ""));
      } else {
        timed.register(
            RegisterRequest.newBuilder()
                .setUsername(group + "-" + number)
                .setPassword(PASSWORD)
                .build(),
            new OpenLoad.Once<>(answer, response -> ""));
      }
    }
  }
}
