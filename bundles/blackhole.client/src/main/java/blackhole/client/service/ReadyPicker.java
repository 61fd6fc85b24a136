package blackhole.client.service;

import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;

/** While an instance is connected: takes note of the attempt, and leaves the choice to gRPC. */
final class ReadyPicker extends SubchannelPicker {
  private final SubchannelPicker choice;

  ReadyPicker(SubchannelPicker choice) {
    this.choice = choice;
  }

  @Override
  public PickResult pickSubchannel(PickSubchannelArgs args) {
    ServiceCall.attempted(args);
    return LateCounts.tolerated(choice.pickSubchannel(args));
  }
}
