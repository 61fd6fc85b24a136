package blackhole.orchestrator.call;

import blackhole.api.rpc.MethodCallException;
import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;

/**
 * One call, of any kind, used once. The caller's thread takes the answers, and no answer is asked
 * for before the last one is taken; where the client streams, another thread reads and sends as the
 * service takes it.
 */
final class DynamicCall {
  private static final long FEEDER_END_MILLIS = 1000;

  private final Descriptors.MethodDescriptor method;
  private final RequestDocuments requests;
  private final JsonMessages messages;
  private final Failures failures;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  /** Guards the wait until the call takes another message. */
  private final Object readiness = new Object();

  /** What happens to a call. */
  private sealed interface Event {}

  private record Answer(DynamicMessage message) implements Event {}

  private record Closed(Status status, Metadata trailers) implements Event {}

  /** There is nothing sensible to send. */
  private record Unsendable(MethodCallException why) implements Event {}

  DynamicCall(
      Descriptors.MethodDescriptor method,
      RequestDocuments requests,
      JsonMessages messages,
      Failures failures) {
    this.method = method;
    this.requests = requests;
    this.messages = messages;
    this.failures = failures;
  }

  /** Calls, and returns when the call has ended with OK, or nobody wants more answers. */
  void run(Channel channel, CallOptions options, Predicate<String> answers)
      throws MethodCallException, InterruptedException {
    if (method.isClientStreaming()) {
      ClientCall<DynamicMessage, DynamicMessage> call = start(channel, options);
      Thread feeder = new Thread(() -> feed(call), "call-requests");
      feeder.setDaemon(true);
      feeder.start();
      try {
        receive(call, answers);
      } finally {
        end(feeder);
      }
    } else {
      // before there is a call: a mistake in the JSON must not look like one that was cancelled
      DynamicMessage request = requests.only();
      ClientCall<DynamicMessage, DynamicMessage> call = start(channel, options);
      call.sendMessage(request);
      call.halfClose();
      receive(call, answers);
    }
  }

  private ClientCall<DynamicMessage, DynamicMessage> start(Channel channel, CallOptions options) {
    ClientCall<DynamicMessage, DynamicMessage> call =
        channel.newCall(GrpcMethods.of(method), options);
    call.start(new Listener(), new Metadata());
    call.request(1);
    return call;
  }

  private void receive(ClientCall<DynamicMessage, DynamicMessage> call, Predicate<String> answers)
      throws MethodCallException, InterruptedException {
    boolean closed = false;
    try {
      while (true) {
        Event event = events.take();
        if (event instanceof Answer answer) {
          if (!answers.test(messages.print(answer.message()))) {
            return;
          }
          call.request(1);
        } else if (event instanceof Closed end) {
          closed = true;
          if (!end.status().isOk()) {
            throw failures.of(end.status(), end.trailers());
          }
          return;
        } else if (event instanceof Unsendable unsendable) {
          throw unsendable.why();
        }
      }
    } finally {
      if (!closed) {
        call.cancel("the caller ended it", null);
      }
    }
  }

  private void feed(ClientCall<DynamicMessage, DynamicMessage> call) {
    try {
      DynamicMessage message;
      while ((message = requests.next()) != null) {
        awaitReady(call);
        call.sendMessage(message);
      }
      call.halfClose();
    } catch (MethodCallException e) {
      events.add(new Unsendable(e));
    } catch (InterruptedException e) {
      // The call is over.
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      events.add(new Unsendable(new MethodCallException("cannot send: " + e.getMessage())));
    }
  }

  private void awaitReady(ClientCall<DynamicMessage, DynamicMessage> call)
      throws InterruptedException {
    synchronized (readiness) {
      while (!call.isReady()) {
        readiness.wait();
      }
    }
  }

  /** It may be waiting for input, which then belongs to whatever is run next. */
  private static void end(Thread feeder) {
    feeder.interrupt();
    try {
      feeder.join(FEEDER_END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Listener extends ClientCall.Listener<DynamicMessage> {
    @Override
    public void onMessage(DynamicMessage message) {
      events.add(new Answer(message));
    }

    @Override
    public void onReady() {
      synchronized (readiness) {
        readiness.notifyAll();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      events.add(new Closed(status, trailers));
    }
  }
}
