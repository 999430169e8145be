package dev.spike.node.router;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Installs, upgrades, fills, drains and removes the router of one node. Every verb may be repeated.
 */
final class RouterInstallation {
  private static final String OBJECT = "/router.bpf.o";
  private static final int LINK_INTERFACE_OFFSET = 16;
  private static final Set<PosixFilePermission> FOR_THE_GROUP =
      PosixFilePermissions.fromString("rw-rw----");

  private final RouterConfig config;
  private final RouterPins pins;

  RouterInstallation(RouterConfig config) {
    this.config = config;
    this.pins = new RouterPins(config.pins());
  }

  /**
   * Loads the programs over the pinned maps (or fresh ones), fills the maps, then exchanges the
   * attached programs: a packet meets the old program or the new one.
   */
  void install() throws IOException, InterruptedException {
    int interfaceIndex = interfaceIndex();
    refuseOtherLayout();
    createPins();
    Files.deleteIfExists(pins.tableNext());
    try (BpfObject object = BpfObject.open(objectFile())) {
      for (String map : RouterPins.MAPS) {
        object.pinMap(map, pins.map(map));
      }
      object.resizeMap("pins", config.pinsMax());
      object.resizeMap("anchors", config.pinsMax());
      load(object);
      openLoadWords();
      fill().close();
      attach(
          object.programDescriptor("spike_router"),
          object.programDescriptor("spike_egress"),
          interfaceIndex);
    }
  }

  /** Brings the maps in line with the configuration. */
  void apply() throws IOException, InterruptedException {
    refuseAbsent();
    refuseOtherLayout();
    fill().close();
  }

  void drain(boolean draining) throws IOException {
    refuseAbsent();
    try (RouterMaps maps = RouterMaps.open(pins)) {
      new RouterFill(config, maps, Neighbours.of(config)).draining(draining);
    }
  }

  /**
   * Switches the ladder off or on again. The switch is a word in a pinned map: it holds through
   * upgrades and restarts of the agent, and flows that were forwarded before keep their peers.
   */
  void off(boolean off) throws IOException {
    refuseAbsent();
    refuseOtherLayout();
    try (RouterMaps maps = RouterMaps.open(pins)) {
      maps.word("agent", RouterLayout.AGENT_OFF, off ? 1 : 0);
    }
  }

  /** Detaches both programs and removes all pins. */
  void remove() throws IOException {
    Files.deleteIfExists(pins.link());
    Optional<Integer> interfaceIndex = Optional.empty();
    try {
      interfaceIndex = Optional.of(Libc.interfaceIndex(config.networkInterface()));
    } catch (NativeException e) {
      System.err.println("router: nothing to detach, " + e.getMessage());
    }
    if (interfaceIndex.isPresent()) {
      Libbpf.detachEgress(interfaceIndex.get());
    }
    pins.remove();
  }

  private RouterMaps fill() throws IOException, InterruptedException {
    RouterMaps maps = RouterMaps.open(pins);
    try {
      new RouterFill(config, maps, Neighbours.of(config)).all();
      return maps;
    } catch (IOException | InterruptedException | RuntimeException e) {
      maps.close();
      throw e;
    }
  }

  private void createPins() throws RouterException {
    try {
      pins.create();
    } catch (IOException e) {
      throw new RouterException(
          "the pin directory " + pins.directory() + " cannot be made: " + e.getMessage(),
          "mount a bpffs there (mount -t bpf bpf DIR) and run as root",
          RouterException.UNAVAILABLE,
          e);
    }
  }

  private void load(BpfObject object) throws RouterException {
    try {
      object.load();
    } catch (NativeException e) {
      throw new RouterException(
          e.getMessage() == null ? "loading failed" : e.getMessage(),
          "check that "
              + pins.directory()
              + " lies in a bpffs, that the kernel has BTF (/sys/kernel/btf/vmlinux), and that"
              + " pinsMax did not change; after `router remove` maps of any size are made afresh",
          RouterException.UNAVAILABLE,
          e);
    }
  }

  private void attach(int xdp, int egress, int interfaceIndex) throws IOException {
    Libbpf.attachEgress(egress, interfaceIndex);
    int link = linkOf(interfaceIndex);
    if (link >= 0) {
      try {
        Libbpf.replaceProgram(link, xdp);
      } finally {
        Libc.close(link);
      }
    } else {
      attachFresh(xdp, interfaceIndex);
    }
    Libbpf.XdpAttachment attachment = Libbpf.xdpAttachment(interfaceIndex);
    if (attachment.mode() != Libbpf.XDP_NATIVE) {
      throw new RouterException(
          "the router is not attached in native XDP mode on " + config.networkInterface(),
          "check the driver's XDP support, MTU (1500 to 3498) and channels (at most half)",
          RouterException.UNAVAILABLE);
    }
  }

  private void attachFresh(int xdp, int interfaceIndex) throws IOException {
    int link;
    try {
      link = Libbpf.attachXdpNative(xdp, interfaceIndex);
    } catch (NativeException e) {
      throw new RouterException(
          "interface " + config.networkInterface() + ": " + e.getMessage(),
          "native mode needs a driver with XDP, an MTU of at most 3498 and no other XDP program"
              + " (see `ip link show "
              + config.networkInterface()
              + "`)",
          RouterException.UNAVAILABLE,
          e);
    }
    try {
      Libbpf.pin(link, pins.link());
    } finally {
      Libc.close(link);
    }
  }

  /** The pinned link when it leads to this interface; a link to one that is gone is removed. */
  private int linkOf(int interfaceIndex) throws IOException {
    if (!Files.exists(pins.link())) {
      return -1;
    }
    int link = Libbpf.open(pins.link());
    if (Libbpf.info(link).getInt(LINK_INTERFACE_OFFSET) == interfaceIndex) {
      return link;
    }
    Libc.close(link);
    Files.delete(pins.link());
    return -1;
  }

  private void openLoadWords() throws IOException {
    Path load = pins.map(LoadWords.PIN);
    if (config.loadGroup().isPresent()) {
      // The owner stays, so that status and agent read it without overriding permissions. Where the
      // installer's own group is that one, a new pin has it from the start, but not its
      // permissions.
      if (!config.loadGroup().get().equals(Files.getAttribute(load, "unix:gid"))) {
        Files.setAttribute(load, "unix:gid", config.loadGroup().get());
      }
      if (!Files.getPosixFilePermissions(load).equals(FOR_THE_GROUP)) {
        Files.setPosixFilePermissions(load, FOR_THE_GROUP);
      }
    } else {
      Files.setPosixFilePermissions(load, PosixFilePermissions.fromString("rw-rw-rw-"));
    }
  }

  private void refuseAbsent() throws RouterException {
    if (!pins.present()) {
      throw new RouterException(
          "no router is installed under " + pins.directory(),
          "run `spike-node router install` with the same configuration first",
          RouterException.UNAVAILABLE);
    }
  }

  /** Maps of another layout are not touched: their flows would be misread. */
  private void refuseOtherLayout() throws IOException {
    if (!pins.present()) {
      return;
    }
    int map = Libbpf.open(pins.map("config"));
    try {
      ByteBuffer info = Libbpf.info(map);
      int bytes = info.getInt(12);
      int layout = 0;
      for (int index = 0; index < info.getInt(16) && bytes >= RouterLayout.CONFIG_BYTES; index++) {
        byte[] entry = Libbpf.lookup(map, RouterLayout.index(index), bytes).orElse(new byte[bytes]);
        layout =
            Math.max(layout, RouterLayout.wrap(entry).getInt(RouterLayout.CONFIG_LAYOUT_OFFSET));
      }
      if (bytes != RouterLayout.CONFIG_BYTES || (layout != 0 && layout != RouterLayout.LAYOUT)) {
        throw new RouterException(
            "the maps under "
                + pins.directory()
                + " have layout "
                + layout
                + ", this release needs "
                + RouterLayout.LAYOUT,
            "drain the node, then `router remove` and `router install`: forwarded flows end",
            RouterException.FAILED);
      }
    } finally {
      Libc.close(map);
    }
  }

  private int interfaceIndex() throws RouterException {
    try {
      return Libc.interfaceIndex(config.networkInterface());
    } catch (NativeException e) {
      throw new RouterException(
          e.getMessage() == null ? config.networkInterface() : e.getMessage(),
          "check \"interface\" in the router configuration and the network namespace",
          RouterException.UNAVAILABLE,
          e);
    }
  }

  private byte[] objectFile() throws IOException {
    if (config.object().isPresent()) {
      return Files.readAllBytes(config.object().get());
    }
    return resource(OBJECT);
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = RouterInstallation.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new RouterException(
            "this bundle has no resource " + name,
            "build it with clang installed (make -C bpf)",
            RouterException.FAILED);
      }
      return in.readAllBytes();
    }
  }
}
