
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0004_field'),
    ]

    operations = [
        migrations.AddField(
            model_name='activity',
            name='aided',
            field=models.PositiveIntegerField(null=True, verbose_name='受理法律援助'),
        ),
        migrations.AddField(
            model_name='activity',
            name='displays',
            field=models.PositiveIntegerField(null=True, verbose_name='横幅展板等'),
        ),
        migrations.AddField(
            model_name='activity',
            name='media',
            field=models.CharField(blank=True, max_length=300, verbose_name='媒体报道'),
        ),
        migrations.AddField(
            model_name='activity',
            name='online',
            field=models.PositiveIntegerField(null=True, verbose_name='线上阅读'),
        ),
        migrations.AddField(
            model_name='activity',
            name='received',
            field=models.PositiveIntegerField(null=True, verbose_name='接待群众'),
        ),
        migrations.AddField(
            model_name='activity',
            name='suggestions',
            field=models.PositiveIntegerField(null=True, verbose_name='意见建议'),
        ),
        migrations.AddField(
            model_name='campaignpage',
            name='campaign',
            field=models.ForeignKey(blank=True, help_text='批准过的计划。场次显示在页面上，计划的扫码答题显示在旁边', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pages', to='outreach.campaign', verbose_name='宣传计划'),
        ),
    ]
