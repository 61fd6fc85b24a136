package blackhole.orchestrator.call;

import blackhole.api.registry.Idempotency;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.MethodCall;
import blackhole.api.rpc.MethodCallException;
import blackhole.api.rpc.MethodCaller;
import blackhole.api.rpc.MethodSummary;
import com.google.protobuf.ByteString;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the service for its types anew with every call: that costs a few messages over a socket, and
 * a service may be updated at any time.
 */
final class ReflectiveCaller implements MethodCaller {
  /** A name in a package as services have it: the last word before the version is the service. */
  private static final Pattern VERSIONED = Pattern.compile("(?:\\w+\\.)*?(\\w+)\\.v\\d+\\w*\\..+");

  /** To find out about a service, a wait for its start included. */
  private static final Duration REFLECTION_TIMEOUT = Duration.ofSeconds(30);

  /** To find out what another service put into an answer. */
  private static final Duration OTHERS_TIMEOUT = Duration.ofSeconds(2);

  private final Channels channels;

  ReflectiveCaller(Channels channels) {
    this.channels = channels;
  }

  @Override
  public List<MethodSummary> methods(String service)
      throws MethodCallException, InterruptedException {
    Reflection reflection =
        new Reflection(service, channels.to(service), after(REFLECTION_TIMEOUT));
    Methods methods = new Methods(service, reflection, new Schema(reflection, symbol -> List.of()));
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
    Schema schema = new Schema(reflection, this::fileOf);
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

  /**
   * From the service that a symbol's package names: {@code blackhole.storage.v1.BlobStored}. One
   * that is not there now knows as little as one that is not there at all.
   */
  private List<ByteString> fileOf(String symbol) throws InterruptedException {
    Matcher matcher = VERSIONED.matcher(symbol);
    if (!matcher.matches()) {
      return List.of();
    }
    String service = matcher.group(1);
    try {
      return new Reflection(service, channels.to(service), after(OTHERS_TIMEOUT)).fileOf(symbol);
    } catch (MethodCallException e) {
      return List.of();
    }
  }

  private static Deadline after(Duration timeout) {
    return Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }
}
