package blackhole.itest.faulty;

import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Does what no service should do: when it is activated, if its configuration says so, or when it is
 * asked. With no fault it is the smallest service that there can be.
 */
@Component(service = BindableService.class, configurationPid = "blackhole.itest.faulty")
public final class FaultyService implements BindableService {
  public static final String NAME = "blackhole.itest.Faulty";

  public static final MethodDescriptor<StringValue, StringValue> COMMIT =
      MethodDescriptor.<StringValue, StringValue>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, "Commit"))
          .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .build();

  /** What stands under {@code custom:}. */
  public @interface Config {
    /** What to do on activation. */
    String fault() default "";

    /** A file that keeps it from doing so. */
    String unless() default "";
  }

  @Activate
  public FaultyService(Config config) throws Exception {
    boolean spared = !config.unless().isEmpty() && Files.exists(Path.of(config.unless()));
    if (!config.fault().isEmpty() && !spared) {
      Faults.commit(config.fault());
    }
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(NAME)
        .addMethod(COMMIT, ServerCalls.asyncUnaryCall(FaultyService::commit))
        .build();
  }

  private static void commit(StringValue request, StreamObserver<StringValue> answer) {
    try {
      answer.onNext(StringValue.of(Faults.commit(request.getValue())));
      answer.onCompleted();
    } catch (Exception e) {
      answer.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
    }
  }
}
