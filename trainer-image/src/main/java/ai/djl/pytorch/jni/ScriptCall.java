package ai.djl.pytorch.jni;

import ai.djl.pytorch.engine.PtSymbolBlock;

/**
 * Calls a method of a TorchScript module with autograd in force. It lives in DJL's package because DJL keeps its native
 * library package-private and its own {@code IValueUtils.runMethod} runs in inference mode, where no gradient exists.
 */
public final class ScriptCall {
    private ScriptCall() {}

    /** Runs {@code method}; the caller closes the arguments and the result. */
    public static IValue run(PtSymbolBlock module, String method, IValue... arguments) {
        long[] handles = new long[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            handles[i] = arguments[i].getHandle();
        }
        return new IValue(PyTorchLibrary.LIB.moduleRunMethod(module.getHandle(), method, handles, true, false));
    }
}
