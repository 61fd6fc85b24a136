package blackhole.endpoint;

import blackhole.access.v1.Access;
import blackhole.api.service.Caller;
import blackhole.endpoint.access.AccessSchema;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A method for each kind of access, which answers with its caller, and two streams for users. */
final class GuardedService implements BindableService {
  static MethodDescriptor<String, String> method(Access access) {
    return described(access.name(), MethodType.UNARY, access);
  }

  /** Answers with the user, and all that was sent. */
  static MethodDescriptor<String, String> collect() {
    return described("Collect", MethodType.CLIENT_STREAMING, Access.ACCESS_USER);
  }

  /** Its handler throws at once. */
  static MethodDescriptor<String, String> broken() {
    return described("Broken", MethodType.CLIENT_STREAMING, Access.ACCESS_USER);
  }

  private static MethodDescriptor<String, String> described(
      String name, MethodType type, Access access) {
    return AccessSchema.described(EchoService.method(AccessSchema.SERVICE, name, type), access);
  }

  @Override
  public ServerServiceDefinition bindService() {
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(AccessSchema.SERVICE)
            .addMethod(collect(), ServerCalls.asyncClientStreamingCall(GuardedService::gather))
            .addMethod(
                broken(),
                ServerCalls.asyncClientStreamingCall(
                    observer -> {
                      throw new IllegalStateException("broken on purpose");
                    }));
    for (Access access : Access.values()) {
      if (access != Access.UNRECOGNIZED) {
        service.addMethod(method(access), ServerCalls.asyncUnaryCall(GuardedService::who));
      }
    }
    return service.build();
  }

  private static void who(String request, StreamObserver<String> observer) {
    Caller caller = Caller.current();
    String user =
        caller
            .user()
            .map(
                known ->
                    Stream.of(known.id(), known.did(), known.role())
                        .collect(Collectors.joining("/")))
            .orElse("-");
    observer.onNext(caller.kind() + " " + caller.name() + " " + user);
    observer.onCompleted();
  }

  private static StreamObserver<String> gather(StreamObserver<String> observer) {
    StringBuilder all = new StringBuilder(Caller.current().user().orElseThrow().id()).append(':');
    return new StreamObserver<>() {
      @Override
      public void onNext(String value) {
        all.append(value);
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        observer.onNext(all.toString());
        observer.onCompleted();
      }
    };
  }
}
