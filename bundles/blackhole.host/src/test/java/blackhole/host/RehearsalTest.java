package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.Assignment;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.DirectoryCopy;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.rpc.Channels;
import blackhole.control.v1.Ready;
import blackhole.health.v1.HealthGrpc;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  @TempDir Path directory;
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final DirectoryCopy directoryCopy = new DirectoryCopy((delay, task) -> () -> {});
  private final String name = UUID.randomUUID().toString();
  private Server server;

  @BeforeEach
  void serve() throws IOException {
    server =
        InProcessServerBuilder.forName(name)
            .addService(new HealthStatusManager().getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .addService(new GradedHealth())
            .intercept(new CallRecorder())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  @Test
  void callsItselfInAllTheWaysOfAStartAndEnds() {
    rehearsal().ready(Ready.getDefaultInstance());
    assertThat(events)
        .containsExactly(
            "grpc.health.v1.Health/Check",
            "blackhole.health.v1.Health/Check",
            "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            "by name: train",
            "grpc.health.v1.Health/Check",
            "end 0");
  }

  @Test
  void aRehearsalThatFailsEndsToo() {
    server.shutdownNow();
    rehearsal().ready(Ready.getDefaultInstance());
    assertThat(events).containsExactly("end 1");
  }

  private Rehearsal rehearsal() {
    Assignment assignment =
        new Assignment(
            "train",
            directory,
            "node-a",
            "train",
            1,
            directory.resolve("train.1.sock"),
            directory.resolve("train.sock"),
            OptionalInt.empty(),
            List.of(),
            "",
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            directory.resolve("train.log"),
            Optional.empty(),
            Optional.empty(),
            1 << 20,
            OptionalInt.empty(),
            Duration.ZERO,
            Duration.ZERO);
    return new Rehearsal(
        assignment,
        socket -> channel(),
        new RegistryCopy(directoryCopy, KnownCallers.untold()),
        timeout -> new ByName(),
        Runnable::run,
        code -> events.add("end " + code));
  }

  private ManagedChannel channel() {
    return InProcessChannelBuilder.forName(name).build();
  }

  /** Finds what the registry lists, as the client path does. */
  private final class ByName implements Channels {
    @Override
    public Channel to(String service) {
      RegisteredEndpoint listed =
          directoryCopy.find(service).orElseThrow().endpoints().stream().findFirst().orElseThrow();
      assertThat(listed.socket()).contains(directory.resolve("train.sock"));
      events.add("by name: " + service);
      return channel();
    }

    @Override
    public Channel to(String service, UnaryOperator<CallPolicy> override) {
      return to(service);
    }
  }

  private final class CallRecorder implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      events.add(call.getMethodDescriptor().getFullMethodName());
      return next.startCall(call, headers);
    }
  }

  private static final class GradedHealth extends HealthGrpc.HealthImplBase {
    @Override
    public void check(HealthRequest request, StreamObserver<HealthResponse> out) {
      out.onNext(HealthResponse.getDefaultInstance());
      out.onCompleted();
    }
  }
}
