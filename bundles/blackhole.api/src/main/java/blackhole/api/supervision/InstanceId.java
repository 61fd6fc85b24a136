package blackhole.api.supervision;

/**
 * One instance of a service.
 *
 * @param instance from 1
 */
public record InstanceId(String service, int instance) implements Comparable<InstanceId> {
  @Override
  public int compareTo(InstanceId other) {
    int byService = service.compareTo(other.service);
    return byService != 0 ? byService : Integer.compare(instance, other.instance);
  }

  @Override
  public String toString() {
    return service + "-" + instance;
  }
}
