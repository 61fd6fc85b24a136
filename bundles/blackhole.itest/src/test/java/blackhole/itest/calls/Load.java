package blackhole.itest.calls;

import blackhole.itest.calls.v1.CallRequest;
import blackhole.itest.calls.v1.CallResponse;
import blackhole.itest.calls.v1.Failure;
import blackhole.itest.calls.v1.Kind;
import blackhole.itest.calls.v1.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The same call, over and over, from several threads. */
final class Load {
  private static final int MAX_FAILURES_TOLD = 1000;

  private final Caller caller;
  private final CallRequest call;
  private final AtomicLong ids = new AtomicLong();
  private final Queue<Long> micros = new ConcurrentLinkedQueue<>();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final Queue<String> appended = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  Load(Caller caller, CallRequest call) {
    this.caller = caller;
    this.call = call;
  }

  void start(int count) {
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(this::run, "load-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void run() {
    while (!stopped) {
      String id = "" + ids.incrementAndGet();
      boolean appends = call.getKind() == Kind.APPEND;
      CallRequest one =
          switch (call.getKind()) {
            case APPEND -> call.toBuilder().setArgument(id).build();
            // something new each time
            case STORAGE_PUT -> call.toBuilder().setArgument(call.getArgument() + id).build();
            default -> call;
          };
      long began = System.nanoTime();
      CallResponse response = caller.call(one);
      micros.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
      if (!response.getCode().equals("OK")) {
        failures.add(
            Failure.newBuilder()
                .setCode(response.getCode())
                .setMessage(response.getMessage() + " " + response.getReason())
                .setId(id)
                .build());
      } else if (!call.getExpected().isEmpty()
          && !call.getExpected().equals(response.getAnswer())) {
        failures.add(
            Failure.newBuilder()
                .setCode("WRONG_ANSWER")
                .setMessage(response.getAnswer())
                .setId(id)
                .build());
      } else if (appends) {
        appended.add(id);
      }
    }
  }

  Report stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    List<Long> sorted = micros.stream().sorted().toList();
    return Report.newBuilder()
        .setCalls(sorted.size())
        .setFailed(failures.size())
        .addAllFailures(failures.stream().limit(MAX_FAILURES_TOLD).toList())
        .setP50Micros(quantile(sorted, 0.5))
        .setP99Micros(quantile(sorted, 0.99))
        .setMaxMicros(quantile(sorted, 1))
        .addAllAppended(appended)
        .build();
  }

  private static long quantile(List<Long> sorted, double share) {
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
  }
}
