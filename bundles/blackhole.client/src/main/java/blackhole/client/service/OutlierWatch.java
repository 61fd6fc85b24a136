package blackhole.client.service;

import java.util.concurrent.atomic.LongAdder;

/**
 * How the channels to one service watch its instances.
 *
 * @param ejected counts the times that one was left out
 */
record OutlierWatch(OutlierPolicy policy, LongAdder ejected) {}
