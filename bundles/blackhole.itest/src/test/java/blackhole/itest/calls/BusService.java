package blackhole.itest.calls;

import blackhole.api.events.Event;
import blackhole.api.events.EventBus;
import blackhole.api.events.EventListener;
import blackhole.itest.calls.v1.CallRequest;
import blackhole.itest.calls.v1.CallResponse;
import blackhole.itest.calls.v1.DriverGrpc;
import blackhole.itest.calls.v1.Kind;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Publishes events as its callers tell it to (APPEND), and tells which ones it heard of (READ). */
@Component(service = {BindableService.class, EventListener.class})
public final class BusService extends DriverGrpc.DriverImplBase implements EventListener {
  private static final System.Logger LOG = System.getLogger(BusService.class.getName());

  private final EventBus bus;
  private final List<Event> heard = new ArrayList<>(); // guarded by this

  @Activate
  public BusService(@Reference EventBus bus) {
    this.bus = bus;
  }

  @Override
  public List<String> types() {
    return List.of("itest.*");
  }

  @Override
  public synchronized void onEvent(Event event) {
    heard.add(event);
    LOG.log(Level.INFO, "heard {0}", event.id());
  }

  @Override
  public void call(CallRequest request, StreamObserver<CallResponse> answer) {
    CallResponse.Builder response = CallResponse.newBuilder().setCode("OK");
    if (request.getKind() == Kind.APPEND) {
      long position = bus.publish(Event.of(request.getArgument(), "itest.said")).join();
      response.setAnswer("" + position);
    } else {
      response.setAnswer(heard());
    }
    answer.onNext(response.build());
    answer.onCompleted();
  }

  /** SOURCE/ID@POSITION, one after the other. */
  private synchronized String heard() {
    return String.join(
        " ", heard.stream().map(e -> e.source() + "/" + e.id() + "@" + e.position()).toList());
  }
}
