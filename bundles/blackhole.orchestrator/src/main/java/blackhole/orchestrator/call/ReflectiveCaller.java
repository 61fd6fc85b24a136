package blackhole.orchestrator.call;

import blackhole.api.registry.Idempotency;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.MethodCall;
import blackhole.api.rpc.MethodCallException;
import blackhole.api.rpc.MethodCaller;
import blackhole.api.rpc.MethodSummary;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Deadline;
import io.grpc.stub.MetadataUtils;
import java.io.Reader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Asks the service for its types anew with every call: that costs a few messages over a socket, and
 * a service may be updated at any time.
 */
final class ReflectiveCaller implements MethodCaller {
  /** To find out about a service, a wait for its start included. */
  private static final Duration REFLECTION_TIMEOUT = Duration.ofSeconds(30);

  private final Channels channels;

  ReflectiveCaller(Channels channels) {
    this.channels = channels;
  }

  @Override
  public List<MethodSummary> methods(String service)
      throws MethodCallException, InterruptedException {
    Reflection reflection =
        new Reflection(service, channels.to(service), after(REFLECTION_TIMEOUT));
    Methods methods = new Methods(service, reflection, new Schema(reflection));
    List<MethodSummary> summaries = new ArrayList<>();
    for (ServiceDescriptor each : methods.services()) {
      each.getMethods().forEach(method -> summaries.add(summary(method)));
    }
    return summaries;
  }

  private static MethodSummary summary(Descriptors.MethodDescriptor method) {
    return new MethodSummary(
        method.getService().getFullName() + "/" + method.getName(),
        method.getInputType().getFullName(),
        method.getOutputType().getFullName(),
        method.isClientStreaming(),
        method.isServerStreaming(),
        switch (method.getOptions().getIdempotencyLevel()) {
          case IDEMPOTENT -> Idempotency.IDEMPOTENT;
          case NO_SIDE_EFFECTS -> Idempotency.NO_SIDE_EFFECTS;
          case IDEMPOTENCY_UNKNOWN -> Idempotency.UNKNOWN;
        });
  }

  @Override
  public void call(MethodCall call, Reader requests, Predicate<String> answers)
      throws MethodCallException, InterruptedException {
    Channel channel =
        ClientInterceptors.intercept(
            channels.to(call.service()),
            MetadataUtils.newAttachHeadersInterceptor(Headers.of(call.headers())));
    Deadline deadline = after(call.timeout().orElse(REFLECTION_TIMEOUT));
    Reflection reflection = new Reflection(call.service(), channel, deadline);
    Schema schema = new Schema(reflection);
    Descriptors.MethodDescriptor method =
        new Methods(call.service(), reflection, schema).find(call.method());
    CallOptions options =
        call.timeout().isPresent()
            ? CallOptions.DEFAULT.withDeadline(deadline)
            : CallOptions.DEFAULT;
    JsonMessages messages = new JsonMessages(schema, call.pretty());
    Failures failures = new Failures(schema);
    RequestDocuments documents =
        new RequestDocuments(new JsonDocuments(requests), messages, method.getInputType());
    new DynamicCall(method, documents, messages, failures).run(channel, options, answers);
  }

  private static Deadline after(Duration timeout) {
    return Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }
}
