package io.meshagent.core.hooks;

import io.meshagent.core.log.Log;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Collections;
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

  /** Null for none: the class that is left as it is. */
  private final String unwanted;

  /** The loaders with a class that got no hooks, for as long as they live. */
  private final Set<ClassLoader> refused =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** Writes all of them. */
  public HookWriter(DoorReach reach) {
    this(reach, true);
  }

  /**
   * @param bytes whether the bytes of a server's calls are measured; else nothing is written where
   *     that is done, so that it costs no call anything
   */
  public HookWriter(DoorReach reach, boolean bytes) {
    this.reach = reach;
    this.unwanted = bytes ? null : HookTable.TRACERS.replace('.', '/');
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> known, ProtectionDomain domain, byte[] bytes) {
    if (name.equals(unwanted)) {
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
