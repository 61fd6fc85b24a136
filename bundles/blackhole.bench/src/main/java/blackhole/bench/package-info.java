/** What Blackhole costs, measured beside what it stands on, as ratios of one run. */
@NullMarked
package blackhole.bench;

import org.jspecify.annotations.NullMarked;
