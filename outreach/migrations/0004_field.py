

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import outreach.models.ledger
import outreach.models.photo


class Migration(migrations.Migration):

    dependencies = [
        ('bank', '0011_bulk_preparing'),
        ('outreach', '0003_public'),
        ('people', '0005_three_reviews'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Allotment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(verbose_name='计划发放')),
            ],
            options={
                'verbose_name': '计划资料',
                'verbose_name_plural': '计划资料',
                'ordering': ['material__name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='计划名称')),
                ('theme', models.CharField(blank=True, max_length=120, verbose_name='主题')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('submitted', '待审批'), ('returned', '已退回'), ('approved', '进行中'), ('closed', '已总结')], default='draft', max_length=9, verbose_name='状态')),
                ('legal_day', models.CharField(blank=True, max_length=30, verbose_name='法定节点')),
                ('starts_on', models.DateField(verbose_name='开始')),
                ('ends_on', models.DateField(verbose_name='结束')),
                ('partners', models.CharField(blank=True, max_length=200, verbose_name='联合单位')),
                ('summary', models.TextField(blank=True, max_length=3000, verbose_name='总结')),
                ('created_at', models.DateTimeField(verbose_name='拟定时间')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='审批时间')),
                ('opinion', models.CharField(blank=True, max_length=200, verbose_name='审批意见')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='总结时间')),
            ],
            options={
                'verbose_name': '宣传计划',
                'verbose_name_plural': '宣传计划',
                'ordering': ['-starts_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=12, unique=True, verbose_name='码')),
                ('phase', models.CharField(choices=[('once', '随时'), ('before', '活动前'), ('after', '活动后'), ('later', '30 天后')], default='once', max_length=6, verbose_name='何时')),
                ('spot', models.CharField(blank=True, max_length=100, verbose_name='点位')),
                ('created_at', models.DateTimeField(verbose_name='建立时间')),
                ('retired_at', models.DateTimeField(null=True, verbose_name='停用时间')),
            ],
            options={
                'verbose_name': '答题码',
                'verbose_name_plural': '答题码',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DutyItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('subject', models.CharField(help_text='法律法规', max_length=120, verbose_name='普法内容')),
                ('audience', models.CharField(blank=True, max_length=120, verbose_name='重点对象')),
                ('ways', models.CharField(blank=True, max_length=120, verbose_name='普法形式')),
                ('due', models.CharField(blank=True, max_length=60, verbose_name='时间节点')),
                ('leader', models.CharField(blank=True, max_length=60, verbose_name='责任领导')),
                ('section', models.CharField(blank=True, max_length=60, verbose_name='责任科室')),
                ('officer', models.CharField(blank=True, max_length=60, verbose_name='责任人')),
                ('standard', models.CharField(blank=True, help_text='例如：每年不少于 2 场', max_length=120, verbose_name='标准')),
            ],
            options={
                'verbose_name': '普法责任清单',
                'verbose_name_plural': '普法责任清单',
                'ordering': ['year', 'unit', 'id'],
            },
        ),
        migrations.CreateModel(
            name='LocalDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=30, unique=True)),
                ('name', models.CharField(max_length=40, verbose_name='节点名称')),
                ('rule', models.CharField(help_text='例如：3-5、9月、6-1…6-7、9月第3个星期六', max_length=30, verbose_name='时间')),
                ('basis', models.CharField(blank=True, max_length=80, verbose_name='依据')),
                ('tasks', models.CharField(blank=True, max_length=120, verbose_name='做什么')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                ('created_at', models.DateTimeField(verbose_name='建立时间')),
            ],
            options={
                'verbose_name': '本地节点',
                'verbose_name_plural': '本地节点',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to=outreach.models.photo._own_name, verbose_name='照片')),
                ('width', models.PositiveSmallIntegerField()),
                ('height', models.PositiveSmallIntegerField()),
                ('digest', models.CharField(editable=False, help_text='SHA-256', max_length=64)),
                ('added_at', models.DateTimeField(verbose_name='上传时间')),
                ('kept_until', models.DateField(db_index=True, verbose_name='保存到')),
            ],
            options={
                'verbose_name': '活动照片',
                'verbose_name_plural': '活动照片',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Quiz',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('help', models.CharField(blank=True, help_text='答完后告诉群众找谁，例如：法律服务热线 12348', max_length=200, verbose_name='想问人')),
                ('created_at', models.DateTimeField(verbose_name='建立时间')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='停用时间')),
            ],
            options={
                'verbose_name': '扫码答题',
                'verbose_name_plural': '扫码答题',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='QuizQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(verbose_name='次序')),
            ],
            options={
                'verbose_name': '答题题目',
                'verbose_name_plural': '答题题目',
                'ordering': ['quiz', 'place'],
            },
        ),
        migrations.CreateModel(
            name='QuestionRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('released_at', models.DateTimeField(verbose_name='公开时间')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='撤下时间')),
            ],
            options={
                'verbose_name': '公开题',
                'verbose_name_plural': '公开题',
                'ordering': ['-released_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Stop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('planned_on', models.DateField(verbose_name='日期')),
                ('spot', models.CharField(blank=True, max_length=100, verbose_name='地点')),
                ('form', models.CharField(max_length=8, verbose_name='形式')),
                ('staff', models.CharField(blank=True, max_length=120, verbose_name='工作人员')),
            ],
            options={
                'verbose_name': '计划场次',
                'verbose_name_plural': '计划场次',
                'ordering': ['planned_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='its first day', verbose_name='月份')),
                ('answer', models.CharField(max_length=8, verbose_name='答案')),
                ('number', models.PositiveIntegerField(default=0, verbose_name='人次')),
            ],
            options={
                'verbose_name': '答题计数',
                'verbose_name_plural': '答题计数',
                'ordering': ['code', 'month'],
            },
        ),
        migrations.CreateModel(
            name='Visits',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='its first day', verbose_name='月份')),
                ('begun', models.PositiveIntegerField(default=0, verbose_name='答题人次')),
                ('finished', models.PositiveIntegerField(default=0, verbose_name='答完人次')),
            ],
            options={
                'verbose_name': '扫码人次',
                'verbose_name_plural': '扫码人次',
                'ordering': ['code', 'month'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='activity',
            name='activity_one_draft_per_day',
        ),
        migrations.AddField(
            model_name='activity',
            name='staff',
            field=models.CharField(blank=True, max_length=120, verbose_name='工作人员'),
        ),
        migrations.AddField(
            model_name='ledgerimport',
            name='file',
            field=models.FileField(blank=True, upload_to=outreach.models.ledger._own_name, verbose_name='原件'),
        ),
        migrations.AddField(
            model_name='ledgerimport',
            name='skips_repeats',
            field=models.BooleanField(default=True, verbose_name='跳过相同的行'),
        ),
        migrations.AddField(
            model_name='ledgerimport',
            name='state',
            field=models.CharField(choices=[('running', '正在写入'), ('stopped', '停下了'), ('done', '已写完')], default='done', max_length=7, verbose_name='状态'),
        ),
        migrations.AddField(
            model_name='ledgerimport',
            name='trouble',
            field=models.CharField(blank=True, max_length=300, verbose_name='停下的原因'),
        ),
        migrations.AddField(
            model_name='allotment',
            name='material',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outreach.material', verbose_name='资料'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='拟定人'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.orgunit', verbose_name='牵头单位'),
        ),
        migrations.AddField(
            model_name='allotment',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='allotments', to='outreach.campaign', verbose_name='计划'),
        ),
        migrations.AddField(
            model_name='activity',
            name='campaign',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='outreach.campaign', verbose_name='宣传计划'),
        ),
        migrations.AddField(
            model_name='code',
            name='activity',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='outreach.activity', verbose_name='活动'),
        ),
        migrations.AddField(
            model_name='code',
            name='batch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='outreach.batch', verbose_name='印制批次'),
        ),
        migrations.AddField(
            model_name='code',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='建立人'),
        ),
        migrations.AddField(
            model_name='code',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.orgunit', verbose_name='地方'),
        ),
        migrations.AddField(
            model_name='dutyitem',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.orgunit', verbose_name='责任单位'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='duties',
            field=models.ManyToManyField(related_name='campaigns', to='outreach.dutyitem', verbose_name='对应责任清单'),
        ),
        migrations.AddField(
            model_name='localday',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='建立人'),
        ),
        migrations.AddField(
            model_name='localday',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.orgunit', verbose_name='单位'),
        ),
        migrations.AddField(
            model_name='photo',
            name='activity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='outreach.activity', verbose_name='活动'),
        ),
        migrations.AddField(
            model_name='photo',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人'),
        ),
        migrations.AddField(
            model_name='quiz',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='建立人'),
        ),
        migrations.AddField(
            model_name='quiz',
            name='campaign',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quizzes', to='outreach.campaign', verbose_name='宣传计划'),
        ),
        migrations.AddField(
            model_name='quiz',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.orgunit', verbose_name='单位'),
        ),
        migrations.AddField(
            model_name='code',
            name='quiz',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='outreach.quiz', verbose_name='扫码答题'),
        ),
        migrations.AddField(
            model_name='quizquestion',
            name='quiz',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='outreach.quiz', verbose_name='扫码答题'),
        ),
        migrations.AddField(
            model_name='questionrelease',
            name='released_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='公开人'),
        ),
        migrations.AddField(
            model_name='questionrelease',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.orgunit', verbose_name='单位'),
        ),
        migrations.AddField(
            model_name='questionrelease',
            name='version',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bank.questionversion', verbose_name='试题'),
        ),
        migrations.AddField(
            model_name='quizquestion',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outreach.questionrelease', verbose_name='公开题'),
        ),
        migrations.AddField(
            model_name='stop',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stops', to='outreach.campaign', verbose_name='计划'),
        ),
        migrations.AddField(
            model_name='stop',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.orgunit', verbose_name='主办单位'),
        ),
        migrations.AddField(
            model_name='activity',
            name='stop',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activity', to='outreach.stop', verbose_name='计划场次'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft'), ('stop', None), models.Q(('legal_day', ''), _negated=True)), fields=('unit', 'legal_day', 'year'), name='activity_one_draft_per_day'),
        ),
        migrations.AddField(
            model_name='tally',
            name='code',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tallies', to='outreach.code', verbose_name='答题码'),
        ),
        migrations.AddField(
            model_name='tally',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bank.questionversion', verbose_name='试题'),
        ),
        migrations.AddField(
            model_name='visits',
            name='code',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='outreach.code', verbose_name='答题码'),
        ),
        migrations.AddConstraint(
            model_name='allotment',
            constraint=models.UniqueConstraint(fields=('campaign', 'material'), name='allotment_once_per_material'),
        ),
        migrations.AddConstraint(
            model_name='dutyitem',
            constraint=models.UniqueConstraint(fields=('unit', 'year', 'subject'), name='duty_once_per_year'),
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(fields=['unit', 'starts_on'], name='campaigns_of_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='campaign_ends_after_its_start'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'submitted')), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('by')), _negated=True)), _connector='OR'), name='campaign_approved_by_a_second_person'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(models.Q(('summary', ''), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='campaign_closes_with_a_summary'),
        ),
        migrations.AddConstraint(
            model_name='localday',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('unit', 'name'), name='local_day_once_per_unit'),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.UniqueConstraint(fields=('activity', 'digest'), name='photo_once_per_activity'),
        ),
        migrations.AddConstraint(
            model_name='quiz',
            constraint=models.UniqueConstraint(fields=('unit', 'name'), name='quiz_name_once_per_unit'),
        ),
        migrations.AddIndex(
            model_name='code',
            index=models.Index(fields=['unit', 'quiz'], name='codes_of_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='code',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('activity', None), ('batch__isnull', False)), models.Q(('activity__isnull', False), ('batch', None)), models.Q(('activity', None), ('batch', None), models.Q(('spot', ''), _negated=True)), _connector='OR'), name='code_is_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='quizquestion',
            constraint=models.UniqueConstraint(fields=('quiz', 'place'), name='quiz_place_once'),
        ),
        migrations.AddConstraint(
            model_name='quizquestion',
            constraint=models.UniqueConstraint(fields=('quiz', 'release'), name='quiz_question_once'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('code', 'month', 'version', 'answer'), name='tally_once'),
        ),
        migrations.AddConstraint(
            model_name='visits',
            constraint=models.UniqueConstraint(fields=('code', 'month'), name='visits_once'),
        ),
    ]
