package blackhole.host.sample;

/** Something that a service may need. */
public interface Store {}
