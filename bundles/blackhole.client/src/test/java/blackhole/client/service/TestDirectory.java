package blackhole.client.service;

import blackhole.api.registry.ServiceDirectory;
import blackhole.api.registry.ServiceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A registry in memory, with watches that are answered. */
public final class TestDirectory implements ServiceDirectory {
  private final Map<String, ServiceRecord> records = new ConcurrentSkipListMap<>();
  private final List<Following> followings = new CopyOnWriteArrayList<>();
  private volatile boolean complete = true;

  private record Following(String service, Watcher watcher) {}

  /**
   * @return completes when all watchers have taken it
   */
  public synchronized CompletableFuture<Void> put(ServiceRecord record) {
    records.put(record.name(), record);
    List<CompletableFuture<Void>> taken = new ArrayList<>();
    for (Following following : followings) {
      if (following.service().equals(record.name())) {
        taken.add(following.watcher().changed(Optional.of(record)).toCompletableFuture());
      }
    }
    return CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new));
  }

  public void setComplete(boolean complete) {
    this.complete = complete;
  }

  public int watches() {
    return followings.size();
  }

  @Override
  public Optional<ServiceRecord> find(String service) {
    return Optional.ofNullable(records.get(service));
  }

  @Override
  public List<ServiceRecord> services() {
    return List.copyOf(records.values());
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public synchronized Watch watch(String service, Watcher watcher) {
    Following following = new Following(service, watcher);
    followings.add(following);
    var unused = watcher.changed(find(service));
    return () -> followings.remove(following);
  }
}
