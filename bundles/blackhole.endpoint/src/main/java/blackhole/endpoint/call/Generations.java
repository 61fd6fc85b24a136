package blackhole.endpoint.call;

import io.grpc.MethodDescriptor.MethodType;
import java.util.List;

/**
 * The handlers of one registration, with streams, which are calls of many responses, apart from all
 * other calls: streams never end by themselves soon enough to be waited for, so they end first.
 */
public record Generations(Generation calls, Generation streams) {
  public Generations() {
    this(new Generation(), new Generation());
  }

  /** Whether calls of such methods are streams. */
  public static boolean isStream(MethodType type) {
    return !type.serverSendsOneMessage();
  }

  public Generation of(MethodType type) {
    return isStream(type) ? streams : calls;
  }

  public List<Generation> both() {
    return List.of(calls, streams);
  }

  /** Takes no more calls of any kind. */
  public void close() {
    calls.close();
    streams.close();
  }

  /** Takes calls of all kinds; what is not closed goes on as it is, with the calls that it has. */
  public Generations opened() {
    return new Generations(opened(calls), opened(streams));
  }

  private static Generation opened(Generation generation) {
    return generation.isClosed() ? new Generation() : generation;
  }
}
