/* Gradient descent on single samples for a small fully connected network, as plain C has it: loops that walk along the rows of the weights,
   which a compiler turns into vector instructions by itself. The program compiles it with the C compiler of the machine, -O3 -march=native. */
#include <math.h>

enum activation { SIGMOID, TANH, RELU, SOFTMAX };

typedef struct {
    int inputs;
    int units;
    int activation;
    float *weights;  /* [inputs x units] */
    float *bias;     /* [units] */
    float *output;   /* [units] */
    float *gradient; /* [units], with respect to the sums before the activation */
} layer;

static void activate(int kind, int n, float *y)
{
    float largest = y[0], sum = 0;
    switch (kind) {
    case SIGMOID:
        for (int j = 0; j < n; j++)
            y[j] = 1 / (1 + expf(-y[j]));
        break;
    case TANH:
        for (int j = 0; j < n; j++)
            y[j] = tanhf(y[j]);
        break;
    case RELU:
        for (int j = 0; j < n; j++)
            y[j] = y[j] > 0 ? y[j] : 0;
        break;
    default:
        for (int j = 1; j < n; j++)
            largest = y[j] > largest ? y[j] : largest;
        for (int j = 0; j < n; j++)
            sum += y[j] = expf(y[j] - largest);
        for (int j = 0; j < n; j++)
            y[j] /= sum;
    }
}

static float derivative(int kind, float y)
{
    switch (kind) {
    case SIGMOID:
        return y * (1 - y);
    case TANH:
        return 1 - y * y;
    default:
        return y > 0 ? 1 : 0;
    }
}

static void forward(const layer *l, const float *restrict x)
{
    const int n = l->units;
    const float *restrict w = l->weights;
    float *restrict y = l->output;
    for (int j = 0; j < n; j++)
        y[j] = l->bias[j];
    for (int i = 0; i < l->inputs; i++)
        for (int j = 0; j < n; j++)
            y[j] += x[i] * w[i * n + j];
    activate(l->activation, n, y);
}

static void update(const layer *l, const float *restrict x, float rate)
{
    const int n = l->units;
    float *restrict w = l->weights;
    float *restrict b = l->bias;
    const float *restrict g = l->gradient;
    for (int i = 0; i < l->inputs; i++) {
        const float scaled = rate * x[i];
        for (int j = 0; j < n; j++)
            w[i * n + j] -= scaled * g[j];
    }
    for (int j = 0; j < n; j++)
        b[j] -= rate * g[j];
}

/* The gradient of the layer before: a dot product with each row of the weights. */
static void backward(const layer *l, const layer *before)
{
    const int n = l->units;
    const float *restrict w = l->weights;
    const float *restrict g = l->gradient;
    for (int i = 0; i < l->inputs; i++) {
        float sum = 0;
        for (int j = 0; j < n; j++)
            sum += w[i * n + j] * g[j];
        before->gradient[i] = sum * derivative(before->activation, before->output[i]);
    }
}

/* Not "step", which libc has too, and which calls from here would then find. One step; returns the loss before it: cross-entropy of a softmax with the class where there is no target, else half the squared error. */
float train_step(const layer *layers, int count, const float *x, const float *target, int class, float rate)
{
    const layer *last = layers + count - 1;
    float loss = 0;
    forward(layers, x);
    for (int i = 1; i < count; i++)
        forward(layers + i, layers[i - 1].output);
    if (target) {
        for (int j = 0; j < last->units; j++) {
            const float difference = last->output[j] - target[j];
            loss += 0.5f * difference * difference;
            last->gradient[j] = difference * derivative(last->activation, last->output[j]);
        }
    } else {
        for (int j = 0; j < last->units; j++)
            last->gradient[j] = last->output[j] - (j == class ? 1 : 0);
        loss = -logf(last->output[class]);
    }
    for (int i = count - 1; i > 0; i--) {
        backward(layers + i, layers + i - 1);
        update(layers + i, layers[i - 1].output, rate);
    }
    update(layers, x, rate);
    return loss;
}

/* A step on each row in order; returns the sum of the losses. */
double train_epoch(const layer *layers, int count, const float *x, const float *targets, const int *classes, int rows, float rate)
{
    const int outputs = layers[count - 1].units;
    double loss = 0;
    for (int i = 0; i < rows; i++)
        loss += train_step(layers, count, x + i * layers[0].inputs, targets ? targets + i * outputs : 0, targets ? 0 : classes[i], rate);
    return loss;
}
