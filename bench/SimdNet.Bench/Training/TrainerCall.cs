namespace SimdNet.Bench.Training;

/// <summary>How the trainer is asked for steps.</summary>
public enum TrainerCall
{
    /// <summary>A call of Trainer.Step, which checks its arguments and returns with the parameters current.</summary>
    Step,

    /// <summary>A call of Trainer.Fit, which checks the rows once, may work ahead within an epoch, and allocates its history.</summary>
    Fit,
}
