package blackhole.host.trial;

import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;

/**
 * Has what services have: typed settings, a method, messages. {@code TrialBundle} makes a bundle of
 * this class, which therefore uses nothing else of this one.
 */
public final class TrialService implements BindableService {
  public static final String NAME = "blackhole.host.Trial";

  private final long greetings;

  /** As an author writes them. */
  public @interface Settings {
    long greetings() default 1;
  }

  /** Called by Declarative Services. */
  public TrialService(Settings settings) {
    greetings = settings.greetings();
  }

  /** Its only method. */
  public static MethodDescriptor<HealthRequest, HealthResponse> greet() {
    return MethodDescriptor.<HealthRequest, HealthResponse>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, "Greet"))
        .setRequestMarshaller(ProtoUtils.marshaller(HealthRequest.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(HealthResponse.getDefaultInstance()))
        .build();
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(NAME)
        .addMethod(
            greet(),
            ServerCalls.asyncUnaryCall(
                (request, responses) -> {
                  responses.onNext(HealthResponse.newBuilder().setUptimeSeconds(greetings).build());
                  responses.onCompleted();
                }))
        .build();
  }
}
