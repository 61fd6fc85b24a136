package blackhole.itest.needy;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.concurrent.Callable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Needs what needs what nobody offers. */
@Component(service = BindableService.class)
public final class NeedyService implements BindableService {
  @Activate
  public NeedyService(@Reference(name = "store") Runnable store) {}

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder("blackhole.itest.Needy").build();
  }

  /** What the service needs. */
  @Component
  public static final class Store implements Runnable {
    @Activate
    public Store(@Reference(name = "disk") Callable<?> disk) {}

    @Override
    public void run() {}
  }
}
