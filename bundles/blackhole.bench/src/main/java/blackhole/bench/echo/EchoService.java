package blackhole.bench.echo;

import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Answers with what it was asked; for some questions it waits first, as for a database. With {@code
 * custom.fault} its host is a bad neighbour beside that.
 */
@Component(service = BindableService.class, configurationPid = EchoService.BUNDLE)
public final class EchoService implements BindableService {
  /** The symbolic name of its bundle. */
  public static final String BUNDLE = "blackhole.bench.echo";

  public static final MethodDescriptor<StringValue, StringValue> ECHO =
      MethodDescriptor.<StringValue, StringValue>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("blackhole.bench.Echo/Echo")
          .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .build();

  /** The question that takes {@link #WAIT_MILLIS}, on the thread of the handler. */
  public static final StringValue WAIT = StringValue.of("wait");

  public static final int WAIT_MILLIS = 3;

  /** As the measured service, without a fault. */
  public EchoService() {}

  @Activate
  public EchoService(Map<String, Object> properties) {
    // a map, because a typed configuration would cost each measured start a proxy
    if (properties.get("fault") instanceof String fault) {
      Neighbour.commit(fault);
    }
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder("blackhole.bench.Echo")
        .addMethod(
            ECHO,
            ServerCalls.asyncUnaryCall(
                (request, responses) -> {
                  if (request.equals(WAIT)) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS));
                  }
                  responses.onNext(request);
                  responses.onCompleted();
                }))
        .build();
  }
}
