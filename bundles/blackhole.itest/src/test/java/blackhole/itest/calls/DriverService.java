package blackhole.itest.calls;

import blackhole.api.rpc.Channels;
import blackhole.itest.calls.v1.CallRequest;
import blackhole.itest.calls.v1.CallResponse;
import blackhole.itest.calls.v1.DriverGrpc;
import blackhole.itest.calls.v1.Report;
import blackhole.itest.calls.v1.StartRequest;
import blackhole.itest.calls.v1.StartResponse;
import blackhole.itest.calls.v1.StopRequest;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Calls other services as its callers tell it to. */
@Component(service = BindableService.class)
public final class DriverService extends DriverGrpc.DriverImplBase {
  private final Caller caller;
  private final Map<Long, Load> loads = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  @Activate
  public DriverService(@Reference Channels channels) {
    caller = new Caller(channels);
  }

  @Override
  public void call(CallRequest request, StreamObserver<CallResponse> answer) {
    answer.onNext(caller.call(request));
    answer.onCompleted();
  }

  @Override
  public void start(StartRequest request, StreamObserver<StartResponse> answer) {
    long id = ids.incrementAndGet();
    Load load = new Load(caller, request.getCall());
    loads.put(id, load);
    load.start(request.getThreads());
    answer.onNext(StartResponse.newBuilder().setId(id).build());
    answer.onCompleted();
  }

  @Override
  public void stop(StopRequest request, StreamObserver<Report> answer) {
    Load load = loads.remove(request.getId());
    if (load == null) {
      answer.onError(Status.NOT_FOUND.withDescription("no such load").asRuntimeException());
      return;
    }
    try {
      answer.onNext(load.stop());
      answer.onCompleted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.onError(Status.CANCELLED.asRuntimeException());
    }
  }
}
