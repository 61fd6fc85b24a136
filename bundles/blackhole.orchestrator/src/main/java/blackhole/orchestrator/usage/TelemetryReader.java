package blackhole.orchestrator.usage;

import blackhole.api.registry.RemoteFallback;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.Channels;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.PastUsage;
import blackhole.api.supervision.SupervisionException;
import blackhole.telemetry.v1.Aggregate;
import blackhole.telemetry.v1.Point;
import blackhole.telemetry.v1.QueryRequest;
import blackhole.telemetry.v1.QueryResponse;
import blackhole.telemetry.v1.Series;
import blackhole.telemetry.v1.TelemetryGrpc;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the telemetry service of this node, with the secret of this process; makes nothing before it
 * is asked itself. Thread-safe.
 */
public final class TelemetryReader implements PastUsage {
  /** By the name that it has on every node. */
  public static final String SERVICE = "telemetry";

  private static final String CPU = "cpu_cores";
  private static final String RSS = "rss_bytes";
  private static final String HEAP = "heap_used_bytes";
  private static final int PAGE = 100;

  private static final Comparator<InstanceId> ORDER =
      Comparator.comparing(InstanceId::service).thenComparing(InstanceId::instance);

  private record Node(Channels channels, String callToken) {}

  private record Key(InstanceId id, String metric) {}

  private final BooleanSupplier wanted;
  private final Clock wall;
  private volatile @Nullable Node node;

  /**
   * @param wanted whether the node has a service {@code telemetry}
   */
  public TelemetryReader(BooleanSupplier wanted, Clock wall) {
    this.wanted = wanted;
    this.wall = wall;
  }

  /**
   * Services can be called from now on.
   *
   * @param callToken by which they know this process
   */
  public void connect(Channels channels, String callToken) {
    node = new Node(channels, callToken);
  }

  @Override
  public List<Past> past(Optional<String> service, Duration back) {
    Channel telemetry = channel();
    long to = wall.millis();
    Map<Key, Double> averages;
    Map<Key, Double> maxima;
    try {
      averages = ask(telemetry, service, to, back, Aggregate.AVERAGE);
      maxima = ask(telemetry, service, to, back, Aggregate.MAXIMUM);
    } catch (StatusRuntimeException e) {
      throw new SupervisionException("telemetry can't be asked: " + e.getMessage());
    }
    Set<InstanceId> ids = new TreeSet<>(ORDER);
    averages.keySet().forEach(key -> ids.add(key.id()));
    List<Past> past = new ArrayList<>();
    for (InstanceId id : ids) {
      past.add(
          new Past(
              id,
              figure(new Key(id, CPU), averages, maxima),
              figure(new Key(id, RSS), averages, maxima),
              figure(new Key(id, HEAP), averages, maxima)));
    }
    return past;
  }

  private static Optional<Figure> figure(
      Key key, Map<Key, Double> averages, Map<Key, Double> maxima) {
    Double average = averages.get(key);
    Double maximum = maxima.get(key);
    return average == null || maximum == null
        ? Optional.empty()
        : Optional.of(new Figure(average, maximum));
  }

  private Channel channel() {
    if (!wanted.getAsBoolean()) {
      throw new SupervisionException(
          "this node keeps no history: no service 'telemetry' is configured");
    }
    Node present = node;
    if (present == null) {
      throw new SupervisionException("the node has only begun to start");
    }
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of(CallerIdentity.CALL_TOKEN_HEADER, Metadata.ASCII_STRING_MARSHALLER),
        present.callToken());
    return ClientInterceptors.intercept(
        // the secret is for this node alone
        present.channels().to(SERVICE, policy -> policy.withRemoteFallback(RemoteFallback.NEVER)),
        MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** One point for all of the time. */
  private static Map<Key, Double> ask(
      Channel channel, Optional<String> service, long to, Duration back, Aggregate aggregate) {
    QueryRequest.Builder request =
        QueryRequest.newBuilder()
            .setService(service.orElse(""))
            .addMetrics(CPU)
            .addMetrics(RSS)
            .addMetrics(HEAP)
            .setFrom(to - back.toMillis())
            .setTo(to)
            .setStepSeconds((int) Math.max(1, back.toSeconds()))
            .setAggregate(aggregate)
            .setPageSize(PAGE);
    Map<Key, Double> values = new HashMap<>();
    QueryResponse page;
    do {
      page = TelemetryGrpc.newBlockingStub(channel).query(request.build());
      for (Series series : page.getSeriesList()) {
        for (Point point : series.getPointsList()) {
          values.put(
              new Key(
                  new InstanceId(series.getService(), series.getInstance()), series.getMetric()),
              point.getValue());
        }
      }
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    return values;
  }
}
