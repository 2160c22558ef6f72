package io.meshagent.core.hooks;

import io.meshagent.core.log.Log;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Writes the hooks of {@link HookTable} into a class of gRPC. Called by the VM, through premain's
 * trigger, on the program's thread that loads the class; loads none of the program's classes.
 * Thread-safe.
 *
 * <p>It uses the ASM that Byte Buddy carries and not Byte Buddy itself, whose types cost more at
 * start than all the rest. Only method bodies change, so that the same code serves classes that are
 * loaded already.
 */
public final class HookWriter implements ClassFileTransformer {

  private final DoorReach reach;

  /** With slashes: the classes that are left as they are. */
  private final Set<String> unwanted;

  /** The loaders with a class that got no hooks, for as long as they live. */
  private final Set<ClassLoader> refused =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** Writes all of them. */
  public HookWriter(DoorReach reach) {
    this(reach, true, true);
  }

  /**
   * What is not wanted is not written, so that it costs no call anything.
   *
   * @param bytes whether the bytes of a server's calls are measured
   * @param tasks whether what gRPC's contexts run has the ids of its call in the program's log
   */
  public HookWriter(DoorReach reach, boolean bytes, boolean tasks) {
    this.reach = reach;
    Set<String> left = new HashSet<>();
    if (!bytes) {
      left.add(HookTable.TRACERS.replace('.', '/'));
    }
    if (!tasks) {
      left.add(HookTable.CONTEXT.replace('.', '/'));
    }
    unwanted = left;
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> known, ProtectionDomain domain, byte[] bytes) {
    if (unwanted.contains(name)) {
      return null;
    }
    try {
      if (!reach.canReach(loader)) {
        refused.add(loader);
        return null;
      }
      return new HookedClass(name.replace('/', '.'), bytes).write();
    } catch (RuntimeException | LinkageError e) {
      Log.warn(
          name.replace('/', '.')
              + " could not be hooked, so this copy of gRPC is not governed; the program runs on",
          e);
      refused.add(loader);
      return null;
    }
  }

  /** Whether a class of this loader was left as it is. */
  public boolean refused(ClassLoader loader) {
    return refused.contains(loader);
  }
}
