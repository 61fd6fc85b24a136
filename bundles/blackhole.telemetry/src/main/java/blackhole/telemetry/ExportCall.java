package blackhole.telemetry;

import blackhole.telemetry.history.History;
import blackhole.telemetry.history.InstanceKey;
import blackhole.telemetry.history.Range;
import blackhole.telemetry.history.Sample;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One Export: sends samples while the transport takes them, and goes on when it does again, so that
 * a reader who does not read costs one sample. Used by the call's own thread.
 */
final class ExportCall {
  private final History history;
  private final String service;
  private final Range range;
  private final ServerCallStreamObserver<blackhole.telemetry.v1.Sample> answer;

  /** When the interval begins that is sent. */
  private long time;

  /** Of this interval all up to this one are sent; null for none. */
  private @Nullable InstanceKey sent;

  private boolean done;

  ExportCall(
      History history,
      String service,
      Range range,
      ServerCallStreamObserver<blackhole.telemetry.v1.Sample> answer) {
    this.history = history;
    this.service = service;
    this.range = range;
    this.answer = answer;
    this.time = Math.floorDiv(range.from(), range.stepMillis()) * range.stepMillis();
  }

  void start() {
    answer.setOnCancelHandler(() -> done = true);
    answer.setOnReadyHandler(this::send);
  }

  private void send() {
    if (done) {
      return;
    }
    try {
      while (answer.isReady() && !done) {
        if (time >= range.to()) {
          done = true;
          answer.onCompleted();
        } else {
          sendInterval(history.instances());
        }
      }
    } catch (IOException | RuntimeException e) {
      done = true;
      answer.onError(Statuses.of(e));
    }
  }

  private void sendInterval(Collection<InstanceKey> instances) throws IOException {
    for (InstanceKey key : instances) {
      boolean wanted = service.isEmpty() || service.equals(key.service());
      if (wanted && (sent == null || key.compareTo(sent) > 0)) {
        if (!answer.isReady()) {
          return;
        }
        send(key);
        sent = key;
      }
    }
    sent = null;
    time += range.stepMillis();
  }

  private void send(InstanceKey key) throws IOException {
    Optional<Sample> sample = history.sample(key, time);
    if (sample.isPresent()
        && sample.get().timeMillis() >= range.from()
        && sample.get().timeMillis() < range.to()) {
      answer.onNext(
          blackhole.telemetry.v1.Sample.newBuilder()
              .setService(key.service())
              .setInstance(key.instance())
              .setTime(sample.get().timeMillis())
              .putAllMetrics(sample.get().metrics())
              .build());
    }
  }
}
