package blackhole.client.service;

import blackhole.api.registry.Idempotency;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A service of text, with a method of each idempotency level. */
public final class Echo {
  public static final MethodDescriptor<String, String> READ = method("Read", MethodType.UNARY);
  public static final MethodDescriptor<String, String> PUT = method("Put", MethodType.UNARY);
  public static final MethodDescriptor<String, String> POST = method("Post", MethodType.UNARY);
  public static final MethodDescriptor<String, String> WATCH =
      method("Watch", MethodType.SERVER_STREAMING);
  public static final MethodDescriptor<String, String> UPLOAD =
      method("Upload", MethodType.CLIENT_STREAMING);

  public static final Map<String, Idempotency> METHODS =
      Map.of(
          READ.getFullMethodName(), Idempotency.NO_SIDE_EFFECTS,
          PUT.getFullMethodName(), Idempotency.IDEMPOTENT,
          POST.getFullMethodName(), Idempotency.UNKNOWN,
          WATCH.getFullMethodName(), Idempotency.UNKNOWN,
          UPLOAD.getFullMethodName(), Idempotency.IDEMPOTENT);

  private Echo() {}

  /** What a method does with a call; the same for all. */
  @FunctionalInterface
  public interface Handler {
    void handle(String request, StreamObserver<String> answer);

    static Handler answering(String answer) {
      return (request, observer) -> {
        observer.onNext(answer);
        observer.onCompleted();
      };
    }
  }

  public static ServerServiceDefinition service(Handler handler) {
    return ServerServiceDefinition.builder("test.Echo")
        .addMethod(READ, ServerCalls.asyncUnaryCall(handler::handle))
        .addMethod(PUT, ServerCalls.asyncUnaryCall(handler::handle))
        .addMethod(POST, ServerCalls.asyncUnaryCall(handler::handle))
        .addMethod(WATCH, ServerCalls.asyncServerStreamingCall(handler::handle))
        .build();
  }

  private static MethodDescriptor<String, String> method(String name, MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName("test.Echo/" + name)
        .setRequestMarshaller(new Text())
        .setResponseMarshaller(new Text())
        .build();
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {
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
  }
}
