package blackhole.bench.update.service;

import blackhole.api.rpc.Channels;
import blackhole.api.rpc.ResumedStreams;
import blackhole.identity.v1.IdentityGrpc;
import com.google.protobuf.Int64Value;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Offers the methods of the updated services, and hands each call on by the service's name, so that
 * it goes where services' calls to each other go.
 */
@Component(service = BindableService.class)
public final class RelayService implements BindableService {
  /** The name of the service that {@link VersionedMethods} are handed on to. */
  public static final String VERSIONED = "stateless";

  /** The service beside it, with methods of identity's. */
  @Component(service = BindableService.class)
  public static final class OfIdentity implements BindableService {
    private final Channel identity;

    @Activate
    public OfIdentity(@Reference Channels channels) {
      identity = channels.to("identity");
    }

    @Override
    public ServerServiceDefinition bindService() {
      return ServerServiceDefinition.builder(IdentityGrpc.SERVICE_NAME)
          .addMethod(
              IdentityGrpc.getRegisterMethod(), unary(IdentityGrpc.getRegisterMethod(), identity))
          .addMethod(
              IdentityGrpc.getAuthenticateMethod(),
              unary(IdentityGrpc.getAuthenticateMethod(), identity))
          .addMethod(
              IdentityGrpc.getValidateTokenMethod(),
              unary(IdentityGrpc.getValidateTokenMethod(), identity))
          .build();
    }
  }

  private final Channel versioned;

  @Activate
  public RelayService(@Reference Channels channels) {
    // who calls takes a stream up again; whoever calls us would only repeat that
    versioned =
        ClientInterceptors.intercept(
            channels.to(VERSIONED),
            ResumedStreams.of(
                VersionedMethods.COUNT, (request, got) -> Int64Value.of(got.getValue() + 1)));
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(VersionedMethods.SERVICE)
        .addMethod(VersionedMethods.ASK, unary(VersionedMethods.ASK, versioned))
        .addMethod(
            VersionedMethods.COUNT,
            ServerCalls.asyncServerStreamingCall(
                (request, answer) ->
                    ClientCalls.asyncServerStreamingCall(
                        versioned.newCall(VersionedMethods.COUNT, CallOptions.DEFAULT),
                        request,
                        answer)))
        .build();
  }

  private static <Q, R> ServerCallHandler<Q, R> unary(MethodDescriptor<Q, R> method, Channel to) {
    return ServerCalls.asyncUnaryCall(
        (request, answer) ->
            ClientCalls.asyncUnaryCall(to.newCall(method, CallOptions.DEFAULT), request, answer));
  }
}
