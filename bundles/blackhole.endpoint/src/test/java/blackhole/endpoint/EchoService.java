package blackhole.endpoint;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** A service without a .proto: one unary method, and one that streams until it is cancelled. */
public final class EchoService implements BindableService {
  public static final String NAME = "test.Echo";

  private static final Marshaller<String> TEXT =
      new Marshaller<>() {
        @Override
        public InputStream stream(String value) {
          return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
          try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private final String name;
  private final UnaryOperator<String> reply;

  /** Opens when a Follow call is cancelled. */
  final CountDownLatch followCancelled = new CountDownLatch(1);

  EchoService(UnaryOperator<String> reply) {
    this(NAME, reply);
  }

  EchoService(String name, UnaryOperator<String> reply) {
    this.name = name;
    this.reply = reply;
  }

  /** One whose Say answers as it likes. */
  static BindableService answering(ServerCalls.UnaryMethod<String, String> say) {
    return () ->
        ServerServiceDefinition.builder(NAME)
            .addMethod(say(), ServerCalls.asyncUnaryCall(say))
            .build();
  }

  /** The same, with a Follow that says a word and goes on. */
  static BindableService both(ServerCalls.UnaryMethod<String, String> say) {
    return () ->
        ServerServiceDefinition.builder(NAME)
            .addMethod(say(), ServerCalls.asyncUnaryCall(say))
            .addMethod(
                follow(),
                ServerCalls.asyncServerStreamingCall(
                    (request, observer) -> observer.onNext("followed")))
            .build();
  }

  static MethodDescriptor<String, String> say() {
    return method(NAME, "Say", MethodType.UNARY);
  }

  static MethodDescriptor<String, String> follow() {
    return method(NAME, "Follow", MethodType.SERVER_STREAMING);
  }

  static MethodDescriptor<String, String> method(String service, String method, MethodType type) {
    return MethodDescriptor.<String, String>newBuilder(TEXT, TEXT)
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
        .build();
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(name)
        .addMethod(method(name, "Say", MethodType.UNARY), ServerCalls.asyncUnaryCall(this::answer))
        .addMethod(
            method(name, "Follow", MethodType.SERVER_STREAMING),
            ServerCalls.asyncServerStreamingCall(this::follow))
        .build();
  }

  private void follow(String request, StreamObserver<String> observer) {
    ((ServerCallStreamObserver<String>) observer).setOnCancelHandler(followCancelled::countDown);
    observer.onNext(reply.apply(request));
  }

  private void answer(String request, StreamObserver<String> observer) {
    observer.onNext(reply.apply(request));
    observer.onCompleted();
  }
}
