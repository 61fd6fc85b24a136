package blackhole.itest.hot;

import blackhole.itest.hot.v1.HotGrpc;
import io.grpc.BindableService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Never gets ready: what it waits for does not come. */
@Component(service = BindableService.class)
public final class WaitingService extends HotGrpc.HotImplBase {
  /**
   * @param late of nobody
   */
  @Activate
  public WaitingService(@Reference(target = "(comes=never)") Runnable late) {
    late.run();
  }
}
