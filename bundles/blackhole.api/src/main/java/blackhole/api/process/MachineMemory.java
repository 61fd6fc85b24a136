package blackhole.api.process;

/**
 * The memory of this machine.
 *
 * @param availableBytes what could be had without swapping, as the kernel estimates it
 * @param totalBytes all there is
 */
public record MachineMemory(long availableBytes, long totalBytes) {}
