package blackhole.client;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** {@link ClientThreads} for the components of this bundle; it ends after them. */
@Component(service = ClientThreadsComponent.class)
public final class ClientThreadsComponent {
  private final ClientThreads threads;

  @Activate
  public ClientThreadsComponent() {
    threads = new ClientThreads();
  }

  ClientThreads threads() {
    return threads;
  }

  @Deactivate
  public void deactivate() {
    threads.close();
  }
}
