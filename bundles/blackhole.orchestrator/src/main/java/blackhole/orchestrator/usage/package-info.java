/** What the hosts use of the machine: samples of their processes and of their JVMs. */
@NullMarked
package blackhole.orchestrator.usage;

import org.jspecify.annotations.NullMarked;
