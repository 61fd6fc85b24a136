package blackhole.itest.hot;

import blackhole.itest.hot.v1.HotGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import org.osgi.service.component.annotations.Component;

/** The same service, of which one method is gone. */
@Component(service = BindableService.class)
public final class LessService implements BindableService {
  @Override
  public ServerServiceDefinition bindService() {
    ServerServiceDefinition whole = new HotService().bindService();
    return ServerServiceDefinition.builder(HotGrpc.SERVICE_NAME)
        .addMethod(whole.getMethod(HotGrpc.getAskMethod().getFullMethodName()))
        .build();
  }
}
