/** What goes into the service bundles that tests build and install. */
package blackhole.host.sample;
