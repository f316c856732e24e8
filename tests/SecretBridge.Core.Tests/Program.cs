using SecretBridge.Tests.Stores.Sealed;

// Started by the test host, this does nothing; started by a test, it is the process that the test kills.
return args is ["sealed", .. var rest] ? await SealedChild.RunAsync(rest) : 0;
